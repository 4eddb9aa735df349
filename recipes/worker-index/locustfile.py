"""Each worker process has a number of its own, which it keeps while it lives."""

from locust import User, constant, task
from locust.runners import WorkerRunner


class Numbered(User):
    wait_time = constant(0.2)

    @task
    def work(self) -> None:
        runner = self.environment.runner
        number = runner.worker_index if isinstance(runner, WorkerRunner) else 0
        self.environment.events.request.fire(
            request_type="WORK",
            name=f"on worker {number}",
            response_time=1,
            response_length=0,
            exception=None,
            context={},
        )
