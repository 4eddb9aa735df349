"""Each user sends one request a second: the rate at the target says how many users really run."""

import random
import time

from locust import FastHttpUser, constant_pacing, task


class Visitor(FastHttpUser):
    host = "http://target.example"
    wait_time = constant_pacing(1)
    connection_timeout = 5.0
    network_timeout = 5.0

    def on_start(self) -> None:
        # Spread over the second: all at once would be one burst, and many on their way when the test stops.
        time.sleep(random.random())

    @task
    def visit(self) -> None:
        self.client.get("/", name="home")
