"""When users that were moved on paper get to their workers."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
from locust import User
from locust.dispatch import UsersDispatcher
from locust.runners import WorkerNode

from locust_cluster.plugin.workers import unmoved_users


class Master:
    """A runner with a real dispatcher, and how it has moved users: by process."""

    def __init__(self) -> None:
        self.workers = [WorkerNode(f"eu-{number}_0") for number in range(3)]
        self.moves: list[list[int]] = []
        self.dispatcher = UsersDispatcher(list(self.workers), [User])
        self.runner: Any = SimpleNamespace(
            state="running",
            worker_count=3,
            spawning_completed=True,
            target_user_count=6,
            spawn_rate=6,
            start=self.start,
            _users_dispatcher=self.dispatcher,
        )
        self.dispatcher.new_dispatch(6, 6)
        list(self.dispatcher)

    def start(self, users: int, rate: float) -> None:
        self.dispatcher.new_dispatch(users, rate)
        for step in self.dispatcher:
            self.moves.append([sum(classes.values()) for classes in step.values()])


@pytest.fixture
def master(monkeypatch: pytest.MonkeyPatch) -> Iterator[Master]:
    monkeypatch.setattr(unmoved_users, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(unmoved_users, "TOGETHER_S", 0.2)
    made = Master()
    watch = gevent.spawn(unmoved_users._watch, made.runner)
    yield made
    watch.kill()


def test_the_users_of_all_processes_of_a_machine_are_moved_in_one_go(master: Master) -> None:
    master.dispatcher.remove_worker(master.workers[0])
    gevent.sleep(0.05)
    assert master.moves == []
    master.dispatcher.remove_worker(master.workers[1])
    gevent.sleep(0.5)
    assert master.moves == [[6]]
    master.dispatcher.add_worker(master.workers[0])
    gevent.sleep(0.5)
    assert master.moves == [[6], [3, 3]]


@pytest.mark.parametrize(
    "busy",
    [{"state": "spawning"}, {"spawning_completed": False}, {"worker_count": 0}],
    ids=["a ramp", "its last reports", "nobody there"],
)
def test_nobody_is_moved_in_between(master: Master, busy: dict[str, object]) -> None:
    before = {name: getattr(master.runner, name) for name in busy}
    vars(master.runner).update(busy)
    master.dispatcher.remove_worker(master.workers[0])
    gevent.sleep(0.4)
    assert master.moves == []
    vars(master.runner).update(before)
    gevent.sleep(0.4)
    assert master.moves == [[3, 3]]


def test_a_move_of_locusts_own_takes_them_along(master: Master) -> None:
    master.dispatcher.remove_worker(master.workers[0])
    gevent.sleep(0.05)
    master.start(6, 6)
    gevent.sleep(0.4)
    assert master.moves == [[3, 3]]
