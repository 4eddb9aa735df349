"""How processes get rows of a file from the master: it keeps the leases, and reads no row.

These are messages of a test's own kind (locust/runners.py, `register_message`), so that they work
in any Locust, with this cluster or without.
"""

import time
from typing import Any

import gevent
from locust.env import Environment
from locust.rpc import Message
from locust.runners import STATE_MISSING, MasterRunner, WorkerRunner

from locust_cluster.common.constants import ROWS
from locust_cluster.plugin.rows.leases import RowLeases
from locust_cluster.plugin.rows.questions import (
    AGAIN_S,
    ANSWER_WITHIN_S,
    MOST_ROWS,
    MasterLeases,
)


class OwnLeases:
    """Leases of one process that keeps them itself: the master, or Locust without workers."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self._leases: dict[str, RowLeases] = {}
        self._answers: dict[tuple[str, str], dict[str, Any]] = {}
        self.run = 0

    def begin_run(self) -> None:
        self._leases = {}
        self._answers = {}
        self.run += 1

    def of(self, file: str) -> RowLeases:
        """Raises KeyError for a file that this process has not read."""
        if file not in self._leases:
            self._leases[file] = RowLeases(self._counts[file])
        return self._leases[file]

    def take(self, file: str) -> int | None:
        """For a user of this very process; None when no other ends for so long."""
        end = time.monotonic() + ANSWER_WITHIN_S
        while not (rows := self.of(file).take("here", 1)):
            if time.monotonic() > end:
                return None
            gevent.sleep(AGAIN_S)
        return rows[0]

    def give_back(self, file: str, row: int, run: int) -> None:
        """When a user of this run, or of one before, has ended."""
        if run == self.run:
            self.of(file).give_back("here", [row])

    def lend(self, worker: str, question: dict[str, Any], present: set[str]) -> dict[str, Any]:
        """The answer to a worker's question; the same rows when it is sent again."""
        file, number = question["file"], question["number"]
        # Others have what a lost process had: an answer to it is of no use any more.
        self._answers = {key: each for key, each in self._answers.items() if key[1] in present}
        last = self._answers.get((file, worker))
        if last is not None and last["number"] == number:
            return last
        of_file = self.of(file)
        if question["begins"]:
            of_file.keep_only(present - {worker})
        of_file.give_back(worker, question["back"])
        of_file.keep_only(present)
        rows = of_file.take(worker, min(question["want"], MOST_ROWS))
        answer = {"file": file, "number": number, "rows": rows}
        self._answers[file, worker] = answer
        return answer


def join(environment: Environment, counts: dict[str, int]) -> OwnLeases | MasterLeases:
    """To be called at `init`; returns where the users of this process get their rows."""
    runner = environment.runner
    leases: OwnLeases | MasterLeases
    if isinstance(runner, WorkerRunner):
        leases = MasterLeases(runner)
        runner.register_message(ROWS, leases.answer)
    else:
        here = leases = OwnLeases(counts)
        if isinstance(runner, MasterRunner):
            runner.register_message(ROWS, _lender(runner, here))
    environment.events.test_start.add_listener(lambda **_: leases.begin_run())
    return leases


def _lender(runner: MasterRunner, leases: OwnLeases) -> Any:
    def lend(msg: Message, **_: Any) -> None:
        clients = runner.clients.values()
        present = {each.id for each in clients if each.state != STATE_MISSING}
        answer = leases.lend(msg.node_id, msg.data, present)
        runner.send_message(ROWS, answer, msg.node_id)

    return lend
