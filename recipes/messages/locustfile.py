"""Messages of one's own: the master deals names to the workers, which say that they have them."""

import logging
from typing import Any

from locust import User, constant, events, task
from locust.env import Environment
from locust.rpc import Message
from locust.runners import MasterRunner, WorkerRunner

NAMES = ["ada", "bob", "cleo", "dan"]

dealt: list[str] = []
"""To this worker."""


class Greeter(User):
    wait_time = constant(0.2)

    @task
    def greet(self) -> None:
        for name in dealt:
            self.environment.events.request.fire(
                request_type="HELLO",
                name=name,
                response_time=1,
                response_length=0,
                exception=None,
                context={},
            )


@events.init.add_listener
def listen(environment: Environment, **_: object) -> None:
    runner = environment.runner
    if isinstance(runner, WorkerRunner):
        runner.register_message("names", take)
    if isinstance(runner, MasterRunner):
        runner.register_message("names_taken", note)


@events.test_start.add_listener
def deal(environment: Environment, **_: object) -> None:
    """A message that is sent here arrives before the first user begins."""
    runner = environment.runner
    if isinstance(runner, MasterRunner):
        workers = [worker.id for worker in runner.clients.ready]
        for index, worker in enumerate(workers):
            runner.send_message("names", NAMES[index :: len(workers)], worker)


def take(environment: Environment, msg: Message, **_: Any) -> None:
    dealt[:] = msg.data
    if environment.runner:
        environment.runner.send_message("names_taken", len(dealt))


def note(msg: Message, **_: Any) -> None:
    logging.info("worker %s has %d names", msg.node_id, msg.data)
