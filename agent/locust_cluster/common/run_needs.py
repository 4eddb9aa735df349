"""What the run of a master needs of fleets, as a file for the agent service: needs.json.

In the run folder, which is Locust's. Written by the master as long as its run is not over.
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.checked_json import DamagedError, count, number, read_fresh, table, text
from locust_cluster.common.fleet import Need
from locust_cluster.common.run_id import RUN_ID

NEEDS_FILE = "needs.json"

STALE_AFTER_S = 60
"""A master writes every 5 s, but is silent while a test loads a big file in `test_start`, and comes
back to its run when it was killed."""

FURTHEST_S = 90 * 24 * 3600
"""From now to the end of a run: it waits for 30 days at most, and takes 30. Later is no end."""


@dataclass(frozen=True)
class RunNeeds:
    """Of the run that is not over."""

    run: str
    since: float
    """When it was asked for, in seconds since 1970."""
    machines: Mapping[str, int]
    """By the name of a fleet."""
    ends: float | None = None
    """When it will be over by its plan; None for one without an end."""

    def of(self, fleet: str) -> Need | None:
        machines = self.machines.get(fleet)
        return None if machines is None else Need(self.run, machines, self.since, self.ends)


def write_run_needs(file: Path, needs: RunNeeds) -> None:
    """Raises OSError."""
    write_json(file, {**asdict(needs), "time": time.monotonic()})


def read_run_needs(file: Path, now: float, time_of_day: float) -> RunNeeds | None:
    """None without a run that needs fleets, and when the file is too old or damaged.

    `now` by the steady clock, `time_of_day` in seconds since 1970.
    """
    try:
        document = read_fresh(file, now, STALE_AFTER_S)
        run = text(document.get("run"))
        if not RUN_ID.fullmatch(run):
            raise DamagedError(f"{run!r} is no run")
        return RunNeeds(
            run,
            number(document.get("since")),
            {name: count(each) for name, each in table(document.get("machines")).items()},
            _end(document.get("ends"), time_of_day),
        )
    except (OSError, DamagedError):
        return None


def _end(value: object, time_of_day: float) -> float | None:
    ends = None if value is None else number(value)
    return ends if ends is not None and ends <= time_of_day + FURTHEST_S else None
