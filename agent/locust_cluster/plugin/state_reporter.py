"""Keeps a Locust process's state file fresh: the agent service looks at nothing else."""

import time
from collections.abc import Callable

import gevent

from locust_cluster.common.listener import listener
from locust_cluster.common.process_status import ProcessState, write_process_status
from locust_cluster.common.settings import Settings

WRITE_EVERY_S = 5
"""Besides at every change."""

LOOK_EVERY_S = 1


class StateReporter:
    """Of one process. `state` and `testing` are asked once a second."""

    def __init__(
        self, settings: Settings, state: Callable[[], ProcessState], testing: Callable[[], bool]
    ) -> None:
        self._settings = settings
        self._state = state
        self._testing = testing
        self._reported: tuple[ProcessState, bool] | None = None
        self._written = 0.0

    def start(self) -> None:
        gevent.spawn(self._run)

    @listener
    def report_start(self, **_: object) -> None:
        """A test begins: at once, or the agent service might choose this second for a restart."""
        self._write(self._state(), True)

    def _run(self) -> None:
        while True:
            now, present = time.monotonic(), (self._state(), self._testing())
            if present != self._reported or now - self._written >= WRITE_EVERY_S:
                self._write(*present)
            gevent.sleep(LOOK_EVERY_S)

    def _write(self, state: ProcessState, testing: bool) -> None:
        release = self._settings.release.resolve().name
        try:
            write_process_status(self._settings.process_file, state, None, testing, release)
        except OSError:
            return  # a full disk is the agent service's to report; the next round tries again
        self._reported, self._written = (state, testing), time.monotonic()
