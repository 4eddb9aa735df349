"""The master tells each worker process its rank before the first users of a test.

Ahead of Locust's `spawn`, on the same connection: a process has it when its own `test_start` runs.
"""

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from locust import events
from locust.runners import STATE_RUNNING, STATE_SPAWNING, MasterRunner

from locust_cluster.common.constants import RANK
from locust_cluster.common.listener import listener
from locust_cluster.plugin.incoming.introductions import Introductions
from locust_cluster.plugin.workers.machine import MISSING, Client
from locust_cluster.plugin.workers.ranks import Ranks
from locust_cluster.plugin.workers.roster import Roster
from locust_cluster.rank import OWN, Rank


class RanksOnMaster:
    """Of the test that goes on. `hears` says whether a worker is connected at this moment."""

    def __init__(
        self, roster: Roster, introductions: Introductions, hears: Callable[[str], bool]
    ) -> None:
        self._roster = roster
        self._introductions = introductions
        self._hears = hears
        self._runner: MasterRunner | None = None
        self._ranks = Ranks(())

    def install(self) -> None:
        """To be called while Locust imports its files."""
        events.worker_connect.add_listener(self._worker_connect)
        events.test_start.add_listener(self._test_start)

    def attach(self, runner: MasterRunner) -> None:
        self._runner = runner

    @listener
    def _worker_connect(self, client_id: str, **_: object) -> None:
        """Before Locust gives it users."""
        now = time.monotonic()
        if identity := self._introductions.take(client_id):
            self._roster.report(client_id, identity, now)
        runner = self._runner
        if runner is None:
            return
        here = runner.clients.keys() - self._roster.settle(self._clients(runner), now)
        if runner.state in (STATE_SPAWNING, STATE_RUNNING):
            (member,) = self._roster.members([client_id])
            self._tell(runner, client_id, self._ranks.join(member, here))

    @listener
    def _test_start(self, **_: object) -> None:
        runner = self._runner
        if runner is None:
            return
        clients = runner.clients
        ready = [each.id for each in clients.ready + clients.running + clients.spawning]
        members = self._roster.members(ready)
        self._ranks = Ranks(members)
        for member, rank in zip(members, self._ranks.of_start(), strict=True):
            self._tell(runner, member.client_id, rank)
        # One may be back before it is forgotten, and then gets users without a word to us.
        for member in self._roster.members([each.id for each in clients.missing]):
            self._tell(runner, member.client_id, self._ranks.join(member, clients))

    def _clients(self, runner: MasterRunner) -> dict[str, Client]:
        """A killed one counts as missing at once: its successor is to have its place and rank."""
        return {
            id: Client(worker.state if self._hears(id) else MISSING, worker.user_count, 0.0)
            for id, worker in runner.clients.items()
        }

    def _tell(self, runner: MasterRunner, client_id: str, rank: Rank) -> None:
        runner.send_message(RANK, asdict(rank), client_id)


def take_rank(data: dict[str, Any]) -> None:
    """On a worker: it has a place in a test."""
    OWN.now = Rank(**data)
