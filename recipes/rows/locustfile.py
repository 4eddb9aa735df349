"""Each user of all machines logs in with an account of its own."""

import os

from locust import FastHttpUser, constant, task

from locust_cluster.data import rows

ACCOUNTS = rows("data/accounts.csv")


class Customer(FastHttpUser):
    host = os.environ.get("CLUSTER_SAMPLE_TARGET") or None
    wait_time = constant(1)

    def on_start(self) -> None:
        self.account = ACCOUNTS.take()

    @task
    def order(self) -> None:
        order = {"customer": self.account["name"], "product": 1}
        self.client.post("/orders", json=order, name=f"orders of {self.account['name']}")
