"""What AWS gives a master, as a file of its agent service for Locust: fleets.json, state folder.

Not in the run folder, which is Locust's: root would write wherever a link there leads.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.checked_json import DamagedError, count, maybe, read_fresh, table, text

SUPPLY_FILE = "fleets.json"

SUPPLY_FORGOTTEN_S = 150
"""The service asks AWS once a minute, and more often while machines are missing."""


@dataclass(frozen=True)
class FleetSupply:
    """Of one fleet."""

    started: int | None = None
    """Instances that are booting or in service; None while that is not known."""
    problem: str | None = None
    """Why there are not as many as there should be: one sentence."""
    kept: str | None = None
    """Why there are more than the run has asked for: one sentence."""


@dataclass(frozen=True)
class Supply:
    """Of all fleets."""

    run: str | None = None
    """The run whose needs this answers."""
    fleets: Mapping[str, FleetSupply] = field(default_factory=dict)


def write_supply(file: Path, supply: Supply, now: float) -> None:
    """`now` by the steady clock. Raises OSError."""
    write_json(file, {**asdict(supply), "time": now})


def read_supply(file: Path, now: float) -> Supply:
    """One that answers nobody when the file is not there, too old or damaged."""
    try:
        document = read_fresh(file, now, SUPPLY_FORGOTTEN_S)
        fleets = table(document.get("fleets"))
        return Supply(
            maybe(text, document.get("run")),
            {name: _fleet(table(each)) for name, each in fleets.items()},
        )
    except (OSError, DamagedError):
        return Supply()


def _fleet(document: Mapping[str, object]) -> FleetSupply:
    return FleetSupply(
        maybe(count, document.get("started")),
        maybe(text, document.get("problem")),
        maybe(text, document.get("kept")),
    )
