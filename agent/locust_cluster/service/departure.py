"""The end of a machine of a fleet: its processes leave, and their units stop for good."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from locust_cluster.common.draining import Draining
from locust_cluster.common.process_status import is_running, process_file, read_process_status

LEFT_BY_S = 95
"""After the notice the units are stopped anyway: systemd gives them 20 s of the two minutes."""

TELL_AGAIN_S = 10


class Departure:
    """The processes see the mark themselves (plugin/workers/leave.py); here they are waited for."""

    def __init__(
        self, run_dir: Path, units: Sequence[str], run: Callable[[Sequence[str]], object]
    ) -> None:
        self._run_dir = run_dir
        self._units = units
        self._run = run
        self._due = 0.0

    def look(self, draining: Draining, now: float) -> None:
        """Stop the units when their processes have left, or when time is over.

        Not before: systemd kills what does not end within 20 s. `now` by the steady clock.
        """
        is_late = now - draining.at > LEFT_BY_S
        if not self._units or now < self._due or (self._are_running() and not is_late):
            return
        self._due = now + TELL_AGAIN_S
        self._run(["systemctl", "stop", "--no-block", *self._units])

    def _are_running(self) -> bool:
        files = [process_file(self._run_dir, n) for n in range(1, len(self._units) + 1)]
        return any(is_running(read_process_status(file, time.monotonic())) for file in files)
