"""Several hosts: each user class has its own. A run with `-H` would send all to one."""

import os

from locust import FastHttpUser, constant, task

SHOP = os.environ.get("CLUSTER_SAMPLE_TARGET") or "https://shop.example"


class Caller(FastHttpUser):
    abstract = True
    wait_time = constant(0.5)

    @task
    def home(self) -> None:
        self.client.get("/", name=f"home of {self.host}")


class ShopCaller(Caller):
    host = SHOP


class MirrorCaller(Caller):
    host = SHOP.replace("127.0.0.1", "localhost")
