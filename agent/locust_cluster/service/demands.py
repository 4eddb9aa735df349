"""What runs need of each fleet, in a file: the next agent of this master goes on with it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.checked_json import count, number, table, text
from locust_cluster.common.fleet import Demand


class Demands:
    """By the name of a fleet."""

    def __init__(self, state_dir: Path) -> None:
        self._file = state_dir / "demands.json"
        self._demands = self._read()

    def of(self, fleet: str) -> Demand | None:
        return self._demands.get(fleet)

    def keep(self, demands: Mapping[str, Demand]) -> None:
        """Raises OSError."""
        if demands != self._demands:
            write_json(self._file, {name: asdict(demand) for name, demand in demands.items()})
            self._demands = dict(demands)

    def _read(self) -> dict[str, Demand]:
        try:
            document = table(json.loads(self._file.read_bytes()))
            return {name: _demand(table(demand)) for name, demand in document.items()}
        except (OSError, ValueError, RecursionError):
            return {}


def _demand(document: Mapping[str, Any]) -> Demand:
    """Raises DamagedError."""
    until = document.get("until")
    return Demand(
        count(document.get("machines")),
        None if until is None else number(until),
        text(document.get("run", "")),
    )
