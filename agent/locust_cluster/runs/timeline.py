"""timeline.csv: a row for every two seconds. Pure: no clock, no Locust."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from locust_cluster.common.documents.api import TimelineRow
from locust_cluster.common.iso_time import from_iso

EVERY_S = 2

CPU_EVERY_ROWS = 5
"""Locust measures a process's CPU every 10 s."""

COLUMNS = tuple(TimelineRow.__annotations__)
TEXTS = ("time", "phase", "cpu", "marks")
WHOLE = ("users", "requests", "failures", "workers")

HEADER = ",".join(COLUMNS) + "\n"


@dataclass(frozen=True)
class Rows:
    """What was read of a file."""

    good: list[dict[str, Any]]
    bad: int
    """Lines that are no rows: a full disk or a crash has left a part of them."""
    more: bool = False
    """There are further rows."""


def to_line(row: Mapping[str, Any]) -> str:
    """A row as a line; null is written as nothing."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(
        "" if row[column] is None else row[column] for column in COLUMNS
    )
    return out.getvalue()


def read_row(names: list[str], line: str) -> dict[str, Any]:
    """Read a line, by the names of the first one. Raises ValueError or csv.Error."""
    values = next(csv.reader([line]), [])
    row = {name: _value(name, text) for name, text in zip(names, values, strict=True)}
    from_iso(row.get("time", ""))
    return row


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


def _value(name: str, text: str) -> Any:
    if name in TEXTS:
        return text
    if not text:
        return None
    return int(text) if name in WHOLE else float(text)
