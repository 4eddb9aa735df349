"""Users of a test by fleet: each step of any ramp, whoever comes and goes meanwhile."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest
from locust import User
from locust.dispatch import UsersDispatcher
from locust.runners import WorkerNode

from locust_cluster.plugin.workers.fleet_dispatcher import Dispatchers, FleetDispatcher
from locust_cluster.plugin.workers.fleet_order import LEAST_ORDER, Places, fleet_order
from locust_cluster.plugin.workers.lasting_stop import StoppableDispatcher


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locust.dispatch.gevent.sleep", lambda _: None)


def user_class(name: str, weight: int = 1, fixed_count: int = 0) -> type[User]:
    return type(name, (User,), {"weight": weight, "fixed_count": fixed_count})


@dataclass
class Test:
    """One test: a dispatcher of ours beside Locust's own, both told the same."""

    __test__ = False

    shares: Mapping[str, int]
    classes: list[type[User]]
    fleets: dict[str, str] = field(default_factory=dict)
    """Of each worker process that ever came."""
    told: list[Sequence[str]] = field(default_factory=list)

    def begin(self, workers: Sequence[WorkerNode]) -> None:
        self.workers = list(workers)
        make = Dispatchers(lambda: self.shares, lambda: self.fleets, self.told.append).make
        self.dispatcher = make(list(workers), self.classes)
        self.locusts = UsersDispatcher(list(workers), self.classes)

    def worker(self, fleet: str) -> WorkerNode:
        worker = WorkerNode(f"{fleet}-{len(self.fleets)}_{len(self.fleets):032x}")
        self.fleets[worker.id] = fleet
        return worker

    def join(self, fleet: str) -> None:
        self.workers.append(self.worker(fleet))
        for each in (self.dispatcher, self.locusts):
            each.add_worker(self.workers[-1])

    def leave(self, worker: WorkerNode) -> None:
        self.workers.remove(worker)
        for each in (self.dispatcher, self.locusts):
            each.remove_worker(worker)

    def ramp(self, users: int, rate: float) -> Iterator[dict[str, dict[str, int]]]:
        """Every step of it, checked."""
        for each in (self.dispatcher, self.locusts):
            each.new_dispatch(users, rate)
        for step in self.dispatcher:
            self.check(step, next(self.locusts))
            yield step
        assert next(self.locusts, None) is None

    def check(self, step: Mapping[str, dict[str, int]], own: Mapping[str, Any]) -> None:
        assert by_class(step) == by_class(own)
        processes = {worker.id: sum(step[worker.id].values()) for worker in self.workers}
        assert step.keys() == processes.keys()
        users = sum(processes.values())
        present = {self.fleets[worker.id] for worker in self.workers}
        shares = {name: share for name, share in self.shares.items() if name in present}
        if not shares:
            assert max(processes.values()) - min(processes.values()) <= 1
        for fleet in present if shares else ():
            those = [count for id, count in processes.items() if self.fleets[id] == fleet]
            assert max(those) - min(those) <= 1
            exact = Fraction(users * shares.get(fleet, 0), sum(shares.values()))
            assert abs(sum(those) - exact) < 1


def by_class(step: Mapping[str, Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for users in step.values():
        total.update(users)
    return total


def any_shares(chance: random.Random) -> dict[str, int]:
    parts = [chance.randint(1, 100) for _ in range(chance.randint(1, 4))]
    hundredths = [part * 10_000 // sum(parts) for part in parts]
    hundredths[0] += 10_000 - sum(hundredths)
    return {f"f{number}": share for number, share in enumerate(hundredths)}


def any_classes(chance: random.Random) -> list[type[User]]:
    weighted = [
        user_class(f"Weighted{number}", weight=chance.randint(1, 9))
        for number in range(chance.randint(1, 3))
    ]
    fixed = [user_class("Fixed", fixed_count=chance.randint(1, 9))]
    return [*weighted, *(fixed if chance.random() < 0.5 else [])]


@pytest.mark.parametrize("seed", range(24))
def test_each_step_has_the_shares_and_locusts_classes(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (repeatable)
    test = Test(any_shares(chance), any_classes(chance))
    fleets = [*test.shares, "unnamed"]
    test.begin([test.worker(fleet) for fleet in fleets for _ in range(chance.randint(1, 4))])
    for _ in range(8):
        for _ in test.ramp(chance.randint(0, 200), chance.choice([1, 7.5, 40, 500])):
            event = chance.random()
            if event < 0.05:
                test.join(chance.choice(fleets))
            elif event < 0.1 and len(test.workers) > 1:
                test.leave(chance.choice(test.workers))
    assert test.told[0] == []


def test_users_of_a_fleet_that_is_gone_go_to_the_others_and_come_back() -> None:
    test = Test({"eu": 6000, "us": 3000, "workers": 1000}, [user_class("Shopper")])
    test.begin([test.worker(name) for name in ("eu", "us", "us", "workers")])

    def users() -> dict[str, int]:
        *_, step = test.ramp(100, 100)
        found: Counter[str] = Counter()
        for id, classes in step.items():
            found[test.fleets[id]] += sum(classes.values())
        return dict(found)

    assert users() == {"eu": 60, "us": 30, "workers": 10}
    test.leave(test.workers[0])
    assert users() == {"us": 75, "workers": 25}
    test.join("eu")
    assert users() == {"eu": 60, "us": 30, "workers": 10}
    for worker in list(test.workers):
        if test.fleets[worker.id] != "unnamed":
            if len(test.workers) == 1:
                test.join("unnamed")
            test.leave(worker)
    assert users() == {"unnamed": 100}
    absent: list[Sequence[str]] = []
    for told in test.told:
        if not absent or absent[-1] != told:
            absent.append(told)
    assert absent[:3] == [[], ["eu"], []]
    assert absent[-1] == ["eu", "us", "workers"]


def test_a_process_whose_fleet_is_not_known_waits_for_it() -> None:
    test = Test({"eu": 10_000}, [user_class("Shopper")])
    test.begin([test.worker("eu"), WorkerNode("bare_" + "0" * 32)])
    test.dispatcher.new_dispatch(10, 10)
    assert [sum(users.values()) for users in next(test.dispatcher).values()] == [10, 0]


def test_a_worker_that_says_twice_that_it_is_ready_has_one_share() -> None:
    test = Test({"eu": 10_000}, [user_class("Shopper")])
    test.begin([test.worker("eu"), test.worker("eu")])
    test.dispatcher.add_worker(WorkerNode(test.workers[0].id))
    test.dispatcher.new_dispatch(10, 10)
    next(test.dispatcher)
    assert [sum(users.values()) for users in next(test.dispatcher).values()] == [5, 5]


def test_without_shares_locusts_own_dispatcher_is_at_work() -> None:
    test = Test({}, [user_class("Shopper")])
    test.begin([test.worker("eu")])
    assert type(test.dispatcher) is StoppableDispatcher
    assert test.told == [[]]


@pytest.mark.parametrize(
    "shares", [{"eu": 1, "us": 1}, {"eu": 3, "us": 1}, {"a": 1, "b": 1, "c": 1}]
)
def test_every_fleet_gets_every_class(shares: dict[str, int]) -> None:
    """Locust's order of equal classes is as regular as that of equal shares."""
    for classes in (2, 3, 4):
        test = Test(shares, [user_class(f"Class{number}") for number in range(classes)])
        test.begin([test.worker(name) for name in shares])
        *_, step = test.ramp(1200, 1200)
        for id, users in step.items():
            expected = 1200 * shares[test.fleets[id]] / sum(shares.values()) / classes
            assert all(abs(count - expected) < 0.35 * expected for count in users.values())


def test_the_order_of_fleets_is_always_the_same() -> None:
    fleet_order.cache_clear()
    first = fleet_order((("eu", 6000), ("us", 4000)))
    fleet_order.cache_clear()
    assert fleet_order((("eu", 6000), ("us", 4000))) == first
    assert len(first) >= LEAST_ORDER
    assert Counter(first) == {"eu": 600, "us": 400}


def test_the_processes_of_a_fleet_take_turns_beyond_the_end_of_the_order() -> None:
    places = Places({"eu": 1, "us": 2}, {"eu": ["eu-1", "eu-2", "eu-3"], "us": ["us-1"]})
    users = Counter(places.at(user) for user in range(30_000))
    assert users == {"us-1": 20_000, "eu-1": 3334, "eu-2": 3333, "eu-3": 3333}


def test_a_test_that_is_stopped_gets_no_more_users() -> None:
    test = Test({"eu": 10_000}, [user_class("Shopper")])
    test.begin([test.worker("eu")])
    assert isinstance(test.dispatcher, FleetDispatcher)
    test.dispatcher.new_dispatch(10, 1)
    next(test.dispatcher)
    test.dispatcher.is_over = True
    assert next(test.dispatcher, None) is None
