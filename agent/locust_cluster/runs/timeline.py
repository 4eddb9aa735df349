"""timeline.csv: a row for every two seconds. Pure: no clock, no Locust."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from locust_cluster.common.documents.api import FleetFigures, FleetRow, TimelineRow
from locust_cluster.common.iso_time import from_iso

EVERY_S = 2

CPU_EVERY_ROWS = 5
"""Locust measures a process's CPU every 10 s."""

COLUMNS = tuple(TimelineRow.__annotations__)
FLEETS = "fleets"
"""The column that only a cluster with fleets has."""
TEXTS = ("time", "phase", "cpu", "marks")
WHOLE = ("users", "requests", "failures", "workers")


@dataclass(frozen=True)
class Rows:
    """What was read of a file."""

    good: list[dict[str, Any]]
    bad: int
    """Lines that are no rows: a full disk or a crash has left a part of them."""
    more: bool = False
    """There are further rows."""


def header(row: Mapping[str, Any]) -> str:
    """The line above such rows."""
    return ",".join(_columns(row)) + "\n"


def to_line(row: Mapping[str, Any]) -> str:
    """A row as a line; null is written as nothing."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(
        _text(column, row[column]) for column in _columns(row)
    )
    return out.getvalue()


def read_row(names: list[str], line: str) -> dict[str, Any]:
    """Read a line, by the names of the first one. Raises ValueError or csv.Error."""
    values = next(csv.reader([line]), [])
    row = {name: _value(name, text) for name, text in zip(names, values, strict=True)}
    from_iso(row.get("time", ""))
    return row


def fleet_rows(fleets: Mapping[str, FleetFigures]) -> dict[str, FleetRow]:
    """The present load of each fleet that has been looked at."""
    return {
        name: {
            "users": now["users"],
            "rps": now["rps"],
            "failures_per_s": now["failures_per_s"],
            "p95_ms": now["p95_ms"],
        }
        for name, each in fleets.items()
        if (now := each["now"])
    }


def cpu_column(nodes: Iterable[Mapping[str, Any]]) -> str:
    """`worker-1:35/41 worker-2:38/-`: per cent of each process, by index."""
    parts = []
    for node in nodes:
        if node["role"] != "worker":
            continue
        usage = {p["index"]: p["cpu_usage"] for p in node["processes"] if p["state"] != "missing"}
        shown = [
            f"{usage[index]:.0f}" if index in usage else "-"
            for index in range(1, max([node["expected_processes"], *usage]) + 1)
        ]
        parts.append(f"{node['name']}:{'/'.join(shown)}")
    return " ".join(parts)


def _columns(row: Mapping[str, Any]) -> list[str]:
    return [column for column in COLUMNS if column != FLEETS or column in row]


def _text(name: str, value: Any) -> Any:
    if name == FLEETS:
        return " ".join(_fleet_text(fleet, row) for fleet, row in value.items())
    return "" if value is None else value


def _fleet_text(name: str, row: FleetRow) -> str:
    p95 = "-" if row["p95_ms"] is None else row["p95_ms"]
    return f"{name}:{row['users']}/{row['rps']}/{row['failures_per_s']}/{p95}"


def _fleets(text: str) -> dict[str, FleetRow]:
    rows: dict[str, FleetRow] = {}
    for part in text.split():
        name, figures = part.split(":")
        users, rps, failures_per_s, p95 = figures.split("/")
        rows[name] = {
            "users": int(users),
            "rps": float(rps),
            "failures_per_s": float(failures_per_s),
            "p95_ms": None if p95 == "-" else float(p95),
        }
    return rows


def _value(name: str, text: str) -> Any:
    if name == FLEETS:
        return _fleets(text)
    if name in TEXTS:
        return text
    if not text:
        return None
    return int(text) if name in WHOLE else float(text)
