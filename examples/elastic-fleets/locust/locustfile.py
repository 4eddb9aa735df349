"""Visits the shop of the machine's fleet, as customers of its own data file."""

import csv
import os
import random
from pathlib import Path

from locust import FastHttpUser, between, task

SHOP = os.environ.get("SHOP", "com")
with Path(__file__).with_name("data").joinpath(f"customers-{SHOP}.csv").open() as file:
    CUSTOMERS = list(csv.DictReader(file))


class Visitor(FastHttpUser):
    wait_time = between(1, 2)

    def on_start(self) -> None:
        self.customer = random.choice(CUSTOMERS)

    @task
    def visit(self) -> None:
        path = f"/{SHOP}/customers/{self.customer['name']}"
        self.client.get(path, name=f"/{SHOP}/customers/[name]")
