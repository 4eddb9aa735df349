"""JSON documents that another process has written: what is damaged or too old is not believed."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from locust_cluster.common.plain_files import PlainFolder

MOST_BYTES = 64 << 10

T = TypeVar("T")


class DamagedError(ValueError):
    """Nothing that its writer would have written."""


def read_table(file: Path) -> dict[str, Any]:
    """Raises OSError, DamagedError."""
    # Who asks may be root, and the folder that of another user.
    with PlainFolder(file.parent) as folder:
        content = folder.read(file.name, 0, MOST_BYTES)
    try:
        return table(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise DamagedError(str(error)) from error


def read_fresh(file: Path, now: float, for_s: float) -> dict[str, Any]:
    """A document whose `time`, by the steady clock of this machine, is `for_s` seconds old at most.

    Raises OSError, DamagedError.
    """
    document = read_table(file)
    if not 0 <= now - number(document.get("time")) <= for_s:
        raise DamagedError("it is too old")  # or of before the machine was started again
    return document


def table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DamagedError(f"{value!r} is no object")
    return value


def count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise DamagedError(f"{value!r} is not a whole number of 0 or more")
    return value


def number(value: object) -> float:
    try:
        if (type(value) is float or type(value) is int) and math.isfinite(value):
            return float(value)
    except OverflowError:  # of an integer that no float holds
        pass
    raise DamagedError(f"{value!r} is no number")


def text(value: object) -> str:
    if type(value) is not str:
        raise DamagedError(f"{value!r} is no text")
    return value


def maybe(read: Callable[[object], T], value: object) -> T | None:
    """What `read` makes of a value that may be left out."""
    return None if value is None else read(value)
