"""How processes get rows of a file from the master: it keeps the leases, and reads no row.

These are messages of a test's own kind (locust/runners.py, `register_message`), so that they work
in any Locust, with this cluster or without.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import AsyncResult
from locust.env import Environment
from locust.rpc import Message
from locust.runners import STATE_MISSING, MasterRunner, WorkerRunner

from locust_cluster.row_leases import RowLeases

ROWS = "cluster_rows"
"""Worker to master: {file, number, want, back}; master to worker: {file, number, rows}."""

MOST_ROWS = 100_000
"""In one message; a worker with more users than that would ask again."""

ANSWER_WITHIN_S = 30
"""A master without an answer for so long is gone."""


class HereLeases:
    """Leases of one process that keeps them itself: the master, or Locust without workers."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self._leases: dict[str, RowLeases] = {}
        self.run = 0

    def begin_run(self) -> None:
        self._leases = {}
        self.run += 1

    def of(self, file: str) -> RowLeases:
        """Raises KeyError for a file that this process has not read."""
        if file not in self._leases:
            self._leases[file] = RowLeases(self._counts[file])
        return self._leases[file]

    def take(self, file: str) -> int | None:
        """For a user of this very process."""
        rows = self.of(file).take("here", 1)
        return rows[0] if rows else None

    def give_back(self, file: str, row: int, run: int) -> None:
        """When a user of this run, or of one before, has ended."""
        if run == self.run:
            self.of(file).give_back("here", [row])


class AskedLeases:
    """Leases that a worker asks the master for: one question at a time for each file."""

    def __init__(self, runner: WorkerRunner) -> None:
        self._runner = runner
        self._number = 0
        self.run = 0
        self.begin_run()

    def begin_run(self) -> None:
        """What was asked or held before is of no use any more."""
        self.run += 1
        self._waiting: defaultdict[str, list[AsyncResult]] = defaultdict(list)
        self._asked: dict[str, tuple[int, list[AsyncResult]]] = {}
        """The number of the question, and who waits for its answer."""
        self._back: defaultdict[str, list[int]] = defaultdict(list)

    def take(self, file: str) -> int | None:
        """Wait for the master's answer. Raises gevent.Timeout."""
        answer = AsyncResult()
        self._waiting[file].append(answer)
        gevent.spawn(self._ask, file)  # after all users that want one at this moment
        row: int | None = answer.get(timeout=ANSWER_WITHIN_S)
        return row

    def give_back(self, file: str, row: int, run: int) -> None:
        """When a user of this run, or of one before, has ended."""
        if run != self.run:
            return
        self._back[file].append(row)
        gevent.spawn(self._ask, file)

    def answer(self, msg: Message, **_: Any) -> None:
        """The master has answered: the users that asked first are served first."""
        file, rows = msg.data["file"], msg.data["rows"]
        number, waiting = self._asked.get(file, (0, []))
        if msg.data["number"] != number:  # a question of the run before
            self._back[file] += rows
        else:
            del self._asked[file]
            for position, each in enumerate(waiting):
                each.set(rows[position] if position < len(rows) else None)
        self._ask(file)

    def _ask(self, file: str) -> None:
        if file in self._asked or not (self._waiting[file] or self._back[file]):
            return
        asked, self._waiting[file] = (
            self._waiting[file][:MOST_ROWS],
            self._waiting[file][MOST_ROWS:],
        )
        back, self._back[file] = self._back[file][:MOST_ROWS], self._back[file][MOST_ROWS:]
        self._number += 1
        self._asked[file] = (self._number, asked)
        question = {"file": file, "number": self._number, "want": len(asked), "back": back}
        self._runner.send_message(ROWS, question)


def join(environment: Environment, counts: dict[str, int]) -> HereLeases | AskedLeases:
    """To be called at `init`; returns where the users of this process get their rows."""
    runner = environment.runner
    leases: HereLeases | AskedLeases
    if isinstance(runner, WorkerRunner):
        leases = AskedLeases(runner)
        runner.register_message(ROWS, leases.answer)
    else:
        leases = HereLeases(counts)
    if isinstance(runner, MasterRunner):
        runner.register_message(ROWS, _lend(runner, leases))
    environment.events.test_start.add_listener(lambda **_: leases.begin_run())
    return leases


def _lend(runner: MasterRunner, leases: Any) -> Callable[..., None]:
    def lend(msg: Message, **_: Any) -> None:
        data, worker = msg.data, msg.node_id
        of_file: RowLeases = leases.of(data["file"])
        of_file.give_back(worker, data["back"])
        clients = runner.clients.values()
        of_file.keep_only({each.id for each in clients if each.state != STATE_MISSING})
        rows = of_file.take(worker, min(data["want"], MOST_ROWS))
        answer = {"file": data["file"], "number": data["number"], "rows": rows}
        runner.send_message(ROWS, answer, worker)

    return lend
