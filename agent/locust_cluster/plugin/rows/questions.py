"""Rows of a file that a worker's users wait for: the worker asks the master until all have one.

The worker sends {file, number, begins, want, back}, the master answers {file, number, rows}.
"""

import time
from collections import defaultdict, deque
from contextlib import suppress
from typing import Any

import gevent
from gevent import Greenlet
from gevent.event import AsyncResult
from locust.exception import RPCError, RPCSendError
from locust.rpc import Message
from locust.runners import WorkerRunner

from locust_cluster.common.constants import ROWS

MOST_ROWS = 100_000
"""In one message; a worker with more users than that asks again."""

ANSWER_WITHIN_S = 30
"""How long a user waits for a row: longer than users that end because a worker joins take."""

AGAIN_S = 1
"""Between two questions, when the first had no answer or too few rows."""


class MasterLeases:
    """Leases that a worker asks the master for: one question at a time for each file."""

    def __init__(self, runner: WorkerRunner) -> None:
        self._runner = runner
        self._number = 0
        self._asking: dict[str, Greenlet] = {}
        self.run = 0
        self.begin_run()

    def begin_run(self) -> None:
        """What was asked or held before is of no use any more."""
        self.run += 1
        gevent.killall(list(self._asking.values()), block=False)
        self._asking = {}
        self._begun: set[str] = set()
        """Files of which the master knows that this process has no rows of the run before."""
        self._waiting: defaultdict[str, deque[AsyncResult]] = defaultdict(deque)
        self._back: defaultdict[str, list[int]] = defaultdict(list)
        self._answers: dict[str, tuple[int, AsyncResult]] = {}
        """The number of the question, and its rows."""
        self._answered_at: dict[str, float] = {}

    def take(self, file: str) -> int | None:
        """None when the master has no row for so long. Raises gevent.Timeout without an answer."""
        waiting, run, since = self._waiting[file], self.run, time.monotonic()
        place = AsyncResult()
        waiting.append(place)
        self._ask(file)
        try:
            row: int = place.get(timeout=ANSWER_WITHIN_S)
            return row
        except BaseException as error:  # Locust ends a user by GreenletExit
            if place in waiting:
                waiting.remove(place)
            elif place.ready():
                self.give_back(file, place.get(), run)
            if isinstance(error, gevent.Timeout) and self._answered_at.get(file, 0) > since:
                return None
            raise

    def give_back(self, file: str, row: int, run: int) -> None:
        """When a user of this run, or of one before, has ended."""
        if run == self.run:
            self._back[file].append(row)
            self._ask(file)

    def answer(self, msg: Message, **_: Any) -> None:
        """The master has answered; to a question that was sent twice, twice."""
        number, rows = self._answers.get(msg.data["file"], (0, None))
        if rows is not None and msg.data["number"] == number:
            rows.set(msg.data["rows"])

    def _ask(self, file: str) -> None:
        if file not in self._asking or self._asking[file].dead:
            self._asking[file] = gevent.spawn(self._converse, file)

    def _converse(self, file: str) -> None:
        """Until each user that waits has a row, and the master has all that came back.

        What comes up meanwhile is part of the next question: many users begin at one moment.
        """
        waiting, back = self._waiting[file], self._back[file]
        while waiting or back:
            want, returned = min(len(waiting), MOST_ROWS), back[:MOST_ROWS]
            rows = self._answer_to(file, want, returned)
            del back[: len(returned)]
            for row in rows:
                if waiting:
                    waiting.popleft().set(row)
                else:  # a user has ended meanwhile
                    back.append(row)
            if len(rows) < want:
                gevent.sleep(AGAIN_S)  # rows come back when users end, or their worker is lost

    def _answer_to(self, file: str, want: int, back: list[int]) -> list[int]:
        self._number += 1
        number, begins = self._number, file not in self._begun
        question = {"file": file, "number": number, "begins": begins, "want": want, "back": back}
        answer = AsyncResult()
        self._answers[file] = (number, answer)
        while True:  # a connection that breaks can lose the question or its answer
            with suppress(RPCError, RPCSendError):
                self._runner.send_message(ROWS, question)
            if answer.wait(AGAIN_S) is not None:
                self._begun.add(file)
                self._answered_at[file] = time.monotonic()
                rows: list[int] = answer.get()
                return rows
