"""Follows `bundle/current.json`: a pushed test reaches every machine, but never during a run."""

import time
from collections.abc import Callable, Sequence

from locust_cluster.common.atomic_files import write_atomically
from locust_cluster.common.constants import MANIFEST_KEY
from locust_cluster.common.process_status import is_testing, process_file, read_process_status
from locust_cluster.common.settings import Settings
from locust_cluster.common.updating import UPDATING_FILE
from locust_cluster.service.changeover import UPDATE_ERRORS, update_once
from locust_cluster.service.journal import say
from locust_cluster.service.manifest_versions import with_expected
from locust_cluster.service.refusal import Refusals
from locust_cluster.service.release import ReleaseRoot
from locust_cluster.service.store import Store

ASK_EVERY_S = 5
"""500 machines ask 180,000 times an hour, for 7 cents."""

RESTART_TAKES_S = 30
"""Until then a unit that was told to restart is left alone."""


class Convergence:
    """Of one machine. `now` in seconds of a steady clock."""

    def __init__(
        self,
        settings: Settings,
        units: Sequence[str],
        open_store: Callable[[], Store],
        run: Callable[[Sequence[str]], object],
        now: float,
    ) -> None:
        self._settings = settings
        self._units = units
        self._open_store = open_store
        self._run = run
        self._root = ReleaseRoot(settings.release.parent, settings.fleet)
        self._refusals = Refusals(settings.state_dir, settings.fleet)
        self._store: Store | None = None
        self._due = now
        self._tag: str | None = None
        self._wanted: bytes | None = None
        self._told = ""
        self._restarted: dict[str, float] = {}

    def look(self, now: float) -> None:
        """Ask the store when it is time, and change over when nothing is in the way."""
        if now >= self._due:
            self._due = now + ASK_EVERY_S
            try:
                self._ask()
                if not self._is_settled() and not self._is_testing():
                    update_once(self._settings)
            except UPDATE_ERRORS as error:
                self._tell(f"not changing to another test: {error}")
        self._restart_outdated(now)

    def _ask(self) -> None:
        self._store = self._store or self._open_store()
        if found := self._store.get_if_changed(MANIFEST_KEY, self._tag):
            self._wanted, self._tag = found

    def _is_settled(self) -> bool:
        wanted, running = self._wanted, self._root.current_json()
        if wanted is None or wanted == running:
            return True
        if running is None or self._refusals.of(wanted) is None:
            return False
        # A test that is refused does not hold back the number of machines.
        return running == with_expected(running, wanted)

    def _restart_outdated(self, now: float) -> None:
        """Restart the units that run another release than `current`."""
        outdated = [
            unit
            for index, unit in enumerate(self._units, start=1)
            if self._is_outdated(index)
            and now - self._restarted.get(unit, -RESTART_TAKES_S) >= RESTART_TAKES_S
        ]
        if not outdated or self._is_testing():
            return
        # A master that sees this begins no run; the next one is what it names.
        mark = self._settings.state_dir / UPDATING_FILE
        write_atomically(mark, self._settings.release.resolve().name.encode())
        if self._is_testing():
            mark.unlink(missing_ok=True)
            return
        self._restarted.update(dict.fromkeys(outdated, now))
        self._tell(f"restarting {', '.join(outdated)} for another test")
        self._run(["systemctl", "restart", "--no-block", *outdated])

    def _is_outdated(self, index: int) -> bool:
        file = process_file(self._settings.run_dir, index)
        state = read_process_status(file, time.monotonic())
        current = self._settings.release.resolve().name
        return bool(state and state.release and state.release != current)

    def _is_testing(self) -> bool:
        return is_testing(self._settings.run_dir, time.monotonic())

    def _tell(self, message: str) -> None:
        if message != self._told:
            say(message)
        self._told = message
