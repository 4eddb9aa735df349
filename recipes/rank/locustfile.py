"""Each fleet has accounts of its own, and each process of it other ones: no two users share one."""

import csv
import os
from pathlib import Path

from locust import FastHttpUser, constant, events, task

from locust_cluster.rank import own_rank

EACH = 10
"""Accounts for one process. The file of a fleet has enough for all of its processes."""

FLEET = os.environ.get("CLUSTER_FLEET") or "workers"

with Path(__file__).with_name("data").joinpath(f"accounts-{FLEET}.csv").open() as file:
    ALL = list(csv.DictReader(file))

accounts: list[dict[str, str]] = []


@events.test_start.add_listener
def choose_accounts(**_: object) -> None:
    first = own_rank().fleet_rank * EACH
    accounts[:] = ALL[first : first + EACH]


class Buyer(FastHttpUser):
    host = os.environ.get("CLUSTER_SAMPLE_TARGET") or None
    wait_time = constant(1)

    def on_start(self) -> None:
        self.account = accounts.pop()

    def on_stop(self) -> None:
        accounts.append(self.account)

    @task
    def order(self) -> None:
        order = {"customer": self.account["name"], "product": 1}
        self.client.post("/orders", json=order, name=f"orders of {self.account['name']}")
