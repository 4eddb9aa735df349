"""Reads timeline.csv, which grows to 100 MB in a day: from its end where that is enough."""

import csv
from collections.abc import Iterator
from typing import Any, BinaryIO

from locust_cluster.runs.timeline import Rows, read_row

FIRST_LOOK = 64 * 1024
"""Bytes before the end: the rows of some minutes."""


def read_rows(file: BinaryIO, since: str = "", limit: int | None = None) -> Rows:
    """Rows later than `since`, the first `limit` of them. Raises OSError.

    A last line without its end is being written, or never will be.
    """
    good: list[dict[str, Any]] = []
    bad = 0
    names = _names(file)
    if since:
        file.seek(_position(file, names, since))
    for row in _rows(file, names):
        if row is None:
            bad += 1
        elif row["time"] > since:
            if len(good) == limit:
                return Rows(good, bad, more=True)
            good.append(row)
    return Rows(good, bad)


def last_row(file: BinaryIO) -> dict[str, Any] | None:
    """The newest row that is whole. Raises OSError."""
    names = _names(file)
    for position in _backwards(file):
        file.seek(position)
        if good := [row for row in _rows(file, names) if row]:
            return good[-1]
    return None


def _names(file: BinaryIO) -> list[str]:
    """Reads the first line."""
    return file.readline().decode(errors="replace").rstrip("\n").split(",")


def _rows(file: BinaryIO, names: list[str]) -> Iterator[dict[str, Any] | None]:
    """From the file's position on; None for a line that is no row."""
    for line in file:
        if not line.endswith(b"\n"):
            return
        try:
            yield read_row(names, line.decode(errors="replace").rstrip("\n"))
        except (ValueError, csv.Error):
            yield None


def _position(file: BinaryIO, names: list[str], since: str) -> int:
    """Where a line begins before which there is no row later than `since`."""
    position = 0
    for position in _backwards(file):
        file.seek(position)
        first = next((row for row in _rows(file, names) if row), None)
        if first and first["time"] <= since:
            break
    return position


def _backwards(file: BinaryIO) -> Iterator[int]:
    """Beginnings of lines, ever further from the end; the last is that of the first row."""
    begin, size = file.tell(), file.seek(0, 2)
    look = FIRST_LOOK
    while begin < size - look:
        file.seek(size - look)
        file.readline()
        yield file.tell()
        look *= 4
    yield begin
