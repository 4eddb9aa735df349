"""Spreads the users of a test over fleets by their shares.

Which user class comes next stays Locust's decision, and so do weights and fixed counts; only where
it goes is decided here. Without shares Locust's own dispatcher works alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from locust import User
from locust.dispatch import UsersDispatcher
from locust.runners import WorkerNode

from locust_cluster.plugin.workers.fleet_order import Places
from locust_cluster.plugin.workers.lasting_stop import StoppableDispatcher

Users = dict[str, dict[str, int]]
"""How many of each class, by the id of a worker process."""

Fleets = Callable[[], Mapping[str, str]]
"""The fleet of each worker process, by its id; `workers` for one that belongs to none."""

TellAbsent = Callable[[Sequence[str]], None]
"""Hears which fleets have a share, but no process."""

ALL = {"": 1}
"""One share for all: no process of a fleet that has one is there."""


class FleetDispatcher(StoppableDispatcher):
    """Of one test. A fleet without processes leaves its users to the others."""

    def __init__(
        self,
        worker_nodes: list[WorkerNode],
        user_classes: list[type[User]],
        shares: Mapping[str, int],
        fleets: Fleets,
        tell_absent: TellAbsent,
    ) -> None:
        super().__init__(worker_nodes, user_classes)
        self._shares = shares
        self._fleets = fleets
        self._tell_absent = tell_absent
        self._absent: Sequence[str] | None = None
        self._place_workers()
        self._worker_node_generator = self._next_places()  # type: ignore[assignment]

    def add_worker(self, worker_node: WorkerNode) -> None:
        # Locust would give a double share to one that says twice that it is ready.
        self._worker_nodes = [each for each in self._worker_nodes if each.id != worker_node.id]
        super().add_worker(worker_node)

    def _prepare_rebalance(self) -> None:
        self._place_workers()
        super()._prepare_rebalance()

    def _place_workers(self) -> None:
        fleets = self._fleets()
        processes: dict[str, list[WorkerNode]] = {}
        for worker in self._worker_nodes:
            if worker.id in fleets:
                processes.setdefault(fleets[worker.id], []).append(worker)
        present = {name: share for name, share in self._shares.items() if name in processes}
        if present:
            self._places = Places(present, processes)
        else:
            self._places = Places(ALL, {"": self._worker_nodes})
        absent = [name for name in self._shares if name not in processes]
        if absent != self._absent:
            self._absent = absent
            self._tell_absent(absent)

    def _next_places(self) -> Iterator[WorkerNode]:
        """By how many users there are, not by the last: a ramp down has changed it."""
        while True:
            yield self._places.at(len(self._active_users))

    def _distribute_users(  # type: ignore[override]
        self, target_user_count: int
    ) -> tuple[Users, Iterator[str | None], Iterator[WorkerNode], list[tuple[WorkerNode, str]]]:
        """As Locust's, but for the places."""
        user_gen = self._user_gen()
        users: Users = {
            worker.id: {each.__name__: 0 for each in self._original_user_classes}
            for worker in self._worker_nodes
        }
        active: list[tuple[WorkerNode, str]] = []
        for number in range(target_user_count):
            user = next(user_gen)
            if not user:
                break
            worker = self._places.at(number)
            users[worker.id][user] += 1
            active.append((worker, user))
        return users, user_gen, self._next_places(), active


class Dispatchers:
    """Stands in the place of Locust's `dispatcher_class`: the dispatcher of each test."""

    def __init__(
        self, shares: Callable[[], Mapping[str, int]], fleets: Fleets, tell_absent: TellAbsent
    ) -> None:
        self._shares = shares
        self._fleets = fleets
        self._tell_absent = tell_absent

    def make(
        self, worker_nodes: list[WorkerNode], user_classes: list[type[User]]
    ) -> UsersDispatcher:
        """Locust asks for one when a test begins, and when it forgets lost workers during one."""
        if shares := self._shares():
            return FleetDispatcher(
                worker_nodes, user_classes, shares, self._fleets, self._tell_absent
            )
        self._tell_absent([])  # also of the test before
        return StoppableDispatcher(worker_nodes, user_classes)
