"""Grows in steps, so that one sees at which load the target bends."""

from locust import FastHttpUser, LoadTestShape, constant_throughput, task


class Visitor(FastHttpUser):
    # One request a second and user, however long the answer takes.
    wait_time = constant_throughput(1)

    @task
    def home(self) -> None:
        self.client.get("/")


class Steps(LoadTestShape):
    step_users = 2_000
    step_seconds = 60
    steps = 10

    def tick(self) -> tuple[int, float] | None:
        step = int(self.get_run_time() // self.step_seconds) + 1
        return None if step > self.steps else (step * self.step_users, 200.0)
