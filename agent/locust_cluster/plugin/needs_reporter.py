"""Tells the agent service what the run needs of fleets: it alone asks AWS."""

import time
from collections.abc import Callable
from pathlib import Path

import gevent

from locust_cluster.common.run_needs import RunNeeds, write_run_needs

WRITE_EVERY_S = 5
"""Besides at every change: the service believes no old file."""

LOOK_EVERY_S = 1


class NeedsReporter:
    """Of one master. `needs` is asked once a second."""

    def __init__(self, file: Path, needs: Callable[[], RunNeeds | None]) -> None:
        self._file = file
        self._needs = needs
        self._reported: RunNeeds | None = None
        self._written = 0.0

    def start(self) -> None:
        """The run of a master before this one may be over."""
        gevent.spawn(self._run)

    def _run(self) -> None:
        self.look(time.monotonic(), is_first=True)
        while True:
            gevent.sleep(LOOK_EVERY_S)
            self.look(time.monotonic())

    def look(self, now: float, is_first: bool = False) -> None:
        """Write what has changed or grows old. `now` by the steady clock."""
        needs = self._needs()
        is_changed = is_first or needs != self._reported
        if not is_changed and (needs is None or now - self._written < WRITE_EVERY_S):
            return
        try:
            if needs:
                write_run_needs(self._file, needs, now)
            else:
                self._file.unlink(missing_ok=True)
        except OSError:
            return  # a full disk is the agent service's to report; the next round tries again
        self._reported, self._written = needs, now
