"""Users in stages: the load shape decides about users and time, so `run` takes no `-u`, `-r`, `-t`.

With `use_common_options = True` a shape takes them: `tick` finds them in
`self.runner.environment.parsed_options` as `num_users`, `spawn_rate` and `run_time`.
"""

import os

from locust import FastHttpUser, LoadTestShape, constant, task

STAGES = [(10, 20, 10), (20, 50, 10), (30, 10, 20)]
"""Until so many seconds after the start, so many users, and how many begin or end a second."""


class Visitor(FastHttpUser):
    host = os.environ.get("CLUSTER_SAMPLE_TARGET") or None
    wait_time = constant(1)

    @task
    def home(self) -> None:
        self.client.get("/")


class Stages(LoadTestShape):
    def tick(self) -> tuple[int, float] | None:
        for until, users, rate in STAGES:
            if self.get_run_time() < until:
                return users, rate
        return None
