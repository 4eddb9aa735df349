"""Logs in once a user, then reads an account page."""

from locust import FastHttpUser, between, task


class Customer(FastHttpUser):
    wait_time = between(1, 2)

    def on_start(self) -> None:
        self.client.post("/login", json={"user": "load-test"}, name="/login")

    @task
    def account(self) -> None:
        self.client.get("/account", name="/account")
