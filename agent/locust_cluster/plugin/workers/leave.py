"""A worker leaves its master in order when AWS is about to end its machine.

Bare Locust on SIGTERM: `quit` first and the last figures after it, when the master may have ended
the test; and a `spawn` on its way begins users that nobody counts any more. Here: the master gives
the users to others as soon as it hears, running requests come to their end, and `quit` comes last.
The process stays until the agent service stops its unit: systemd would start another.
"""

import logging
import time
from dataclasses import dataclass, field
from typing import Any

import gevent
from gevent.lock import BoundedSemaphore
from locust.runners import (
    STATE_RUNNING,
    STATE_SPAWNING,
    STATE_STOPPED,
    STATE_STOPPING,
    WorkerRunner,
)

from locust_cluster.common.constants import LEAVING, REPORT_KEY
from locust_cluster.common.draining import Draining, read_draining
from locust_cluster.common.identity import Identity, to_report
from locust_cluster.common.iso_time import from_iso
from locust_cluster.common.patch import patch
from locust_cluster.common.settings import Settings

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 1

LEAST_S = 5
"""For running requests, also without a `--stop-timeout`: the target has got them."""

MOST_S = 75
"""Of the two minutes of a spot notice, whatever the `--stop-timeout`."""

BEFORE_END_S = 20
"""Left for the last report."""


@dataclass
class Leave:
    """Of one worker."""

    settings: Settings
    identity: Identity
    runner: WorkerRunner
    draining: Draining | None = None
    is_done: bool = False
    _handling: BoundedSemaphore = field(default_factory=BoundedSemaphore)

    def install(self) -> None:
        """Watch for the mark of this machine, and over what the master wants meanwhile."""
        handle = self.runner.handle_message

        def handle_unless_leaving(message: Any) -> None:
            if message.type not in ("spawn", "stop"):
                handle(message)
                return
            if self.draining is None:
                with self._handling:
                    handle(message)

        # An attribute of the instance: the worker's loop looks it up for every message.
        patch(self.runner, "handle_message", handle_unless_leaving)
        gevent.spawn(self._watch)

    def _watch(self) -> None:
        while (draining := read_draining(self.settings.state_dir)) is None:
            gevent.sleep(LOOK_EVERY_S)
        logger.info("AWS is about to end this machine: leaving the cluster")
        self.draining = draining
        try:
            self._leave(draining)
        except Exception:
            logger.exception("could not leave in order")
        finally:
            self.is_done = True

    def _leave(self, draining: Draining) -> None:
        runner, environment = self.runner, self.runner.environment
        now = draining.now(time.monotonic())
        longest = longest_s(float(environment.stop_timeout or 0), draining.ends, now)
        data = {"cause": draining.cause, "ends": draining.ends}
        runner.send_message(LEAVING, {**data, REPORT_KEY: to_report(self.identity)})
        # A `stop` that is being handled has its users stopped and reported.
        is_free = self._handling.acquire(timeout=max(1.0, longest))
        is_testing = runner.worker_state in (STATE_SPAWNING, STATE_RUNNING)
        runner.worker_state = STATE_STOPPING
        try:
            if is_free and is_testing and runner.state != STATE_STOPPED:
                environment.stop_timeout = longest
                runner.stop()
        finally:
            runner._send_stats()
            runner.send_message("quit")


def longest_s(stop_timeout: float, ends: str | None, now: float) -> float:
    """How long running requests may take."""
    left = MOST_S if ends is None else max(0.0, from_iso(ends) - now - BEFORE_END_S)
    return min(max(stop_timeout, LEAST_S), MOST_S, left)
