"""What somebody has set the fleets of a master to by hand, as a file for its agent service.

scaled.json, in the run folder, which is Locust's. Written by the master when it is asked.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.checked_json import DamagedError, count, number, read_table, table
from locust_cluster.common.fleet import Fleet, Scaled

SCALED_FILE = "scaled.json"


def write_scaled(file: Path, scaled: Mapping[str, Scaled]) -> None:
    """By the names of fleets. Raises OSError."""
    write_json(file, {name: asdict(each) for name, each in scaled.items()})


def read_scaled(
    file: Path, fleets: Mapping[str, Fleet], time_of_day: float
) -> Mapping[str, Scaled]:
    """What still holds, for the time of a fleet's `idle`. A damaged file says nothing.

    What was set a moment ahead of now holds: somebody has set the clock back since.
    `time_of_day` in seconds since 1970.
    """
    try:
        told = {name: _scaled(table(each)) for name, each in read_table(file).items()}
    except (OSError, DamagedError):
        return {}
    return {
        name: each
        for name, each in told.items()
        if name in fleets and abs(time_of_day - each.at) < fleets[name].idle
    }


def _scaled(document: Mapping[str, object]) -> Scaled:
    return Scaled(count(document.get("machines")), number(document.get("at")))
