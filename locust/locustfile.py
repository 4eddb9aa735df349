"""A small shop: visitors browse, some search, a few buy. Replace it with your own test.

The target comes from `locust.host` in cluster.yaml, from the page, or from `-H`, so that the same
test runs against every stage. A local cluster has a sample of this shop, for this test only.
"""

import csv
import os
import random
from pathlib import Path

from locust import FastHttpUser, between, task

# Relative to this file: every process of the cluster works in a copy of its own.
DATA = Path(__file__).parent / "data"


def read_products() -> list[dict[str, str]]:
    with (DATA / "products.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# Once a process, not once a user.
PRODUCTS = read_products()


class Visitor(FastHttpUser):
    """FastHttpUser makes three to five times the requests of HttpUser on the same machine."""

    # Without `-H`: empty but on a local cluster.
    host = os.environ.get("CLUSTER_SAMPLE_TARGET") or None
    wait_time = between(1, 3)
    connection_timeout = 5.0
    network_timeout = 10.0

    @task(10)
    def browse(self) -> None:
        product = random.choice(PRODUCTS)
        self.client.get("/", name="home")
        # One name for all products: every name is a row of the statistics, on every worker.
        self.client.get(f"/products/{product['id']}", name="/products/[id]")

    @task(3)
    def search(self) -> None:
        product = random.choice(PRODUCTS)
        self.client.get("/search", params={"q": product["name"]}, name="/search")

    @task(1)
    def buy(self) -> None:
        product = random.choice(PRODUCTS)
        order = {"product": product["id"], "quantity": random.randint(1, 3)}
        with self.client.post("/orders", json=order, name="/orders", catch_response=True) as reply:
            # Say what is wrong in the test's own words: these lines group the failures.
            if reply.status_code == 409:
                reply.failure("out of stock")
