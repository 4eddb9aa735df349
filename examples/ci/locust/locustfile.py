"""The nightly test: the job says which stage it runs against, with `run -H`."""

from locust import FastHttpUser, between, task


class Visitor(FastHttpUser):
    wait_time = between(0.5, 1.5)

    @task(5)
    def home(self) -> None:
        self.client.get("/")

    @task(1)
    def search(self) -> None:
        self.client.get("/search", params={"q": "lamp"}, name="/search")
