"""A worker that asks its master several times is one worker."""

from collections.abc import Iterator
from typing import Any

import pytest
from locust import User
from locust.dispatch import UsersDispatcher
from locust.env import Environment
from locust.rpc import Message
from locust.runners import STATE_MISSING, MasterRunner

from locust_cluster.plugin.workers.repeated_ready import answer_repeated_ready


class Master:
    """A runner of Locust with a test of ten users, and what it has answered."""

    def __init__(self) -> None:
        environment = Environment(user_classes=[User])
        self.runner = MasterRunner(environment, "127.0.0.1", 0)
        self.sent: list[Message] = []
        self.runner.server.send_to_client = self.sent.append
        answer_repeated_ready(self.runner)
        self.dispatcher = UsersDispatcher([], [User])
        self.runner._users_dispatcher = self.dispatcher

    def hear(self, client_id: str) -> None:
        self.runner.handle_message(client_id, Message("client_ready", -1, client_id))

    def acks(self) -> list[tuple[str, Any]]:
        return [(each.node_id, each.data["index"]) for each in self.sent if each.type == "ack"]

    def users(self) -> list[int]:
        """Those that each worker gets."""
        self.dispatcher.new_dispatch(10, 10)
        last = list(self.dispatcher)[-1]
        return [classes["User"] for classes in last.values()]


@pytest.fixture
def master() -> Iterator[Master]:
    made = Master()
    yield made
    made.runner.quit()


def test_it_is_answered_each_time_and_gets_the_users_of_one(master: Master) -> None:
    for client_id in ["b", *["a"] * 9]:
        master.hear(client_id)
    assert master.acks() == [("b", 0), *[("a", 1)] * 9]
    assert master.users() == [5, 5]


def test_one_that_was_missing_comes_in_again(master: Master) -> None:
    master.hear("a")
    before = master.runner.clients["a"]
    before.state = STATE_MISSING
    master.dispatcher.remove_worker(before)
    master.hear("a")
    assert master.runner.clients["a"].state != STATE_MISSING
    assert master.users() == [10]
