"""A test ends without the workers that are missing, and they do not get into the next one.

Bare Locust: a test that is stopped is "stopping", and no other can start, until the last silent
worker is forgotten, a minute after it was last heard. One whose connection broke never hears the
`stop`: when it is back, it makes load in a cluster that stands still, or brings what it has counted
into the next test.
"""

import logging
import math
import time
from collections.abc import Callable
from typing import Any

from locust import events
from locust.rpc import Message
from locust.runners import (
    STATE_INIT,
    STATE_MISSING,
    STATE_STOPPED,
    STATE_STOPPING,
    MasterRunner,
)

from locust_cluster.common.listener import listener
from locust_cluster.common.patch import patch
from locust_cluster.plugin.workers.master_loss import longest_stop_s

logger = logging.getLogger(__name__)

TELL_AGAIN_S = 10
"""A `stop` may be lost, too. A worker that is told twice reports twice that it has stopped."""

_OF_ITS_TEST = ("heartbeat", "spawning", "spawning_complete")
"""Messages by which Locust would take a worker into the test of now."""


class MissingWorkers:
    """Those that were missing when a test ended, until they have stopped."""

    def __init__(self, runner: MasterRunner, clock: Callable[[], float] = time.monotonic) -> None:
        self._runner = runner
        self._clock = clock
        self._told_at: dict[str, float] = {}
        self._of_an_old_test: set[str] = set()

    def install(self) -> None:
        """Watch over the end of tests and over what workers send."""
        check, handle = self._runner.check_stopped, self._runner.handle_message

        def check_stopped() -> None:
            check()
            if self._runner.state == STATE_STOPPING and self._all_heard_are_ready():
                self._note_missing()
                self._runner.update_state(STATE_STOPPED)

        def handle_message(client_id: str, message: Message) -> None:
            if client_id not in self._told_at or self._is_for_locust(client_id, message):
                handle(client_id, message)

        # Attributes of the instance: the runner looks them up for every message.
        patch(self._runner, "check_stopped", check_stopped)
        patch(self._runner, "handle_message", handle_message)

        @listener
        def test_stopping(**_: object) -> None:
            self._note_missing()

        @listener
        def test_start(**_: object) -> None:
            self._of_an_old_test = set(self._told_at)

        events.test_stopping.add_listener(test_stopping)
        events.test_start.add_listener(test_start)

    def _all_heard_are_ready(self) -> bool:
        return {worker.state for worker in self._runner.clients.all} <= {STATE_INIT, STATE_MISSING}

    def _note_missing(self) -> None:
        for worker in self._runner.clients.missing:
            self._told_at.setdefault(worker.id, -math.inf)

    def _is_for_locust(self, client_id: str, message: Any) -> bool:
        """Look at a message of a worker that was missing, and let the worker stop."""
        if message.type == "client_ready":
            del self._told_at[client_id]
            self._of_an_old_test.discard(client_id)
        if message.type == "stats":
            return client_id not in self._of_an_old_test
        if message.type not in _OF_ITS_TEST:
            return True
        # Without an answer it would take its master for dead.
        self._runner.server.send_to_client(Message("heartbeat", None, client_id))
        now, again_s = self._clock(), TELL_AGAIN_S + longest_stop_s(self._runner.environment)
        if now - self._told_at[client_id] >= again_s:
            logger.info("%s is back from a test that is over: it is told to stop", client_id)
            self._told_at[client_id] = now
            self._runner.server.send_to_client(Message("stop", None, client_id))
        return False
