"""What runs need of each fleet, in a file: the next agent of this master goes on with it."""

from collections.abc import Container, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.checked_json import (
    DamagedError,
    count,
    maybe,
    number,
    read_table,
    table,
    text,
)
from locust_cluster.common.fleet import Need
from locust_cluster.service.demand import Demand


class Demands:
    """By the name of a fleet."""

    def __init__(self, state_dir: Path) -> None:
        self._file = state_dir / "demands.json"
        self._demands = self._saved = self._read()

    def of(self, fleet: str) -> Demand | None:
        return self._demands.get(fleet)

    def remember(self, fleet: str, demand: Demand | None) -> None:
        others = {name: each for name, each in self._demands.items() if name != fleet}
        self._demands = {**others, fleet: demand} if demand else others

    def forget_all_but(self, fleets: Container[str]) -> None:
        self._demands = {name: each for name, each in self._demands.items() if name in fleets}

    def ended(self, time_of_day: float) -> set[str]:
        """Fleets whose machines may go by now."""
        untils = {name: demand.until for name, demand in self._demands.items()}
        return {name for name, until in untils.items() if until and until <= time_of_day}

    def save(self) -> None:
        """Write what has changed. Raises OSError."""
        if self._demands != self._saved:
            document = {name: asdict(demand) for name, demand in self._demands.items()}
            write_json(self._file, document)
            self._saved = self._demands

    def _read(self) -> dict[str, Demand]:
        try:
            return {name: _demand(table(each)) for name, each in read_table(self._file).items()}
        except (OSError, DamagedError):
            return {}


def _demand(document: Mapping[str, Any]) -> Demand:
    """Raises DamagedError."""
    return Demand(
        count(document.get("machines")),
        _need(table(document.get("need"))),
        text(document.get("asked_by")),
        maybe(number, document.get("until")),
    )


def _need(document: Mapping[str, Any]) -> Need:
    return Need(
        text(document.get("run")),
        maybe(count, document.get("machines")),
        number(document.get("since")),
        maybe(number, document.get("ends")),
    )
