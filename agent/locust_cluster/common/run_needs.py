"""What the run of a master needs of fleets, as a file for the agent service: needs.json.

In the run folder, which is Locust's. Written by the master as long as its run is not over, and then
removed: only that says that there is no run.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.checked_json import (
    DamagedError,
    count,
    maybe,
    number,
    read_fresh,
    table,
    text,
)
from locust_cluster.common.fleet import Need
from locust_cluster.common.plain_files import NotPlainError
from locust_cluster.common.run_id import RUN_ID

NEEDS_FILE = "needs.json"

NEEDS_FORGOTTEN_S = 60
"""A master writes every 5 s, but is silent while a test loads a big file in `test_start`, and until
it is back when it was killed."""

FURTHEST_S = 90 * 24 * 3600
"""From now to the end of a run: it waits for 30 days at most, and takes 30. Later is no end."""


@dataclass(frozen=True)
class RunNeeds:
    """Of the run that is not over."""

    run: str
    since: float
    """When it was asked for, in seconds since 1970."""
    machines: Mapping[str, int]
    """By the name of a fleet; of the others it needs no more than what is there."""
    ends: float | None = None
    """When it will be over by its plan; None for one without an end."""

    def of(self, fleet: str) -> Need:
        return Need(self.run, self.machines.get(fleet), self.since, self.ends)


@dataclass(frozen=True)
class Silence:
    """A run was there, and nobody can tell whether it still is: the file is too old or damaged."""


def write_run_needs(file: Path, needs: RunNeeds, now: float) -> None:
    """`now` by the steady clock. Raises OSError."""
    write_json(file, {**asdict(needs), "time": now})


def read_run_needs(file: Path, now: float, time_of_day: float) -> RunNeeds | Silence | None:
    """None without a run. `now` by the steady clock, `time_of_day` in seconds since 1970."""
    try:
        document = read_fresh(file, now, NEEDS_FORGOTTEN_S)
        run = text(document.get("run"))
        if not RUN_ID.fullmatch(run):
            raise DamagedError(f"{run!r} is no run")
        return RunNeeds(
            run,
            number(document.get("since")),
            {name: count(each) for name, each in table(document.get("machines")).items()},
            _end(document.get("ends"), time_of_day),
        )
    except NotPlainError:
        return Silence()  # a folder or a link of the test, in the place of the file
    except FileNotFoundError:
        return None
    except (OSError, DamagedError):
        return Silence()


def _end(value: object, time_of_day: float) -> float | None:
    ends = maybe(number, value)
    return ends if ends is not None and ends <= time_of_day + FURTHEST_S else None
