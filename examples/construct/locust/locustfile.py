"""The smallest test: one user class, one request."""

from locust import FastHttpUser, constant, task


class Visitor(FastHttpUser):
    wait_time = constant(1)

    @task
    def home(self) -> None:
        self.client.get("/")
