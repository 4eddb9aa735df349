"""The Locust units of a machine, as systemd sees them: which of them keeps ending?"""

import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from locust_cluster.common.constants import MASTER_UNIT, WORKER_UNIT
from locust_cluster.common.documents.node_record import NodeFailure
from locust_cluster.common.settings import Settings

KEEPS_ENDING = 3
"""Restarts within WINDOW_S; with RestartSec=2 a broken test reaches them in 15 s."""

WINDOW_S = 60

LOG_LINES = 20

Run = Callable[[Sequence[str]], str]


def run_command(command: Sequence[str]) -> str:
    """Output of a command; empty when it cannot be had, for it only explains something."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace")


def unit_names(settings: Settings) -> list[str]:
    """The units whose processes this machine should have; none in a local cluster."""
    if settings.is_local:
        return []
    if settings.role == "master":
        return [f"{MASTER_UNIT}.service"]
    return [f"{WORKER_UNIT}{index}.service" for index in range(1, settings.processes + 1)]


@dataclass
class _History:
    restarts: deque[tuple[float, int]] = field(default_factory=deque)
    exit_code: int = 0


class Units:
    """Watches units over time. Times in seconds of any steady clock."""

    def __init__(self, names: Sequence[str], run: Run = run_command) -> None:
        self._histories = {name: _History() for name in names}
        self._run = run

    def failure(self, now: float) -> NodeFailure | None:
        """The first unit that keeps ending with an error, with its last lines."""
        if not self._histories:
            return None
        properties = "--property=Id,NRestarts,ExecMainStatus"
        for block in self._run(["systemctl", "show", properties, *self._histories]).split("\n\n"):
            shown = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
            history = self._histories.get(shown.get("Id", ""))
            if history and self._keeps_ending(history, shown, now):
                return self._explain(shown["Id"], history.exit_code)
        return None

    @staticmethod
    def _keeps_ending(history: _History, shown: dict[str, str], now: float) -> bool:
        history.restarts.append((now, int(shown.get("NRestarts") or 0)))
        while now - history.restarts[0][0] > WINDOW_S:
            history.restarts.popleft()
        # systemd shows 0 again while the next attempt runs.
        history.exit_code = int(shown.get("ExecMainStatus") or 0) or history.exit_code
        restarts = history.restarts[-1][1] - history.restarts[0][1]
        return restarts >= KEEPS_ENDING and history.exit_code != 0

    def _explain(self, unit: str, exit_code: int) -> NodeFailure:
        # The unit's own words only, without systemd's about it.
        journal = ["journalctl", f"_SYSTEMD_UNIT={unit}", f"--lines={LOG_LINES}", "--output=cat"]
        log = self._run([*journal, "--no-pager"]).splitlines()
        last = next((line for line in reversed(log) if line.strip()), "it left no message")
        message = f"{unit} keeps ending: {last}"
        return {"step": unit, "exit_code": exit_code, "message": message, "log": log}
