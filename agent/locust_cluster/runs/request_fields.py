"""How each field of a run's request is read from JSON. Pure."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from locust_cluster.common.constants import MOST_USERS
from locust_cluster.runs.duration import parse_duration
from locust_cluster.runs.thresholds import Threshold, ThresholdError, parse_threshold

GRACE_S = 10
MOST_THRESHOLDS = 100
MOST_LABELS = 20


class RequestError(ValueError):
    """The request is wrong: one sentence, and where."""

    def __init__(
        self, message: str, field: str, column: int | None = None, code: str = "invalid_request"
    ) -> None:
        super().__init__(message)
        self.field = field
        self.column = column
        self.code = code


@dataclass(frozen=True)
class Condition:
    """A threshold of a run, and whether missing it ends the run."""

    threshold: Threshold
    abort: bool = False
    grace: int = GRACE_S
    """Seconds from the beginning of the judged part, in which it is not looked at."""


def _wrong(field: str, allowed: str, value: object) -> RequestError:
    return RequestError(f"'{field}' must be {allowed}, got {value!r}", field)


def _name(field: str, value: object) -> str:
    if (
        not isinstance(value, str)
        or not value.strip()
        or len(value) > 60
        or not value.isprintable()
    ):
        raise _wrong(field, "a name of 1 to 60 characters", value)
    return value.strip()


def _host(field: str, value: object) -> str:
    """Of any scheme or none: what the test's users need of it is for test_facts.py."""
    if not isinstance(value, str) or not re.fullmatch(r"(?!-)[\x21-\x7e]{1,2000}", value):
        example = "https://shop.example.com or localhost:50051"
        raise _wrong(field, f"an address without spaces, such as {example}", value)
    return value


def _count(field: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_USERS:
        raise _wrong(field, f"a whole number from 1 to {MOST_USERS:,}", value)
    return value


def _rate(field: str, value: object) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not 0 < value <= MOST_USERS:  # type: ignore[arg-type, operator]
        raise _wrong(field, "a number above 0 (users per second)", value)
    return float(value)  # type: ignore[arg-type]


def _duration(field: str, value: object) -> int:
    try:
        return parse_duration(value)
    except ValueError as error:
        raise _wrong(field, str(error), value) from None


def _run_time(field: str, value: object) -> int:
    seconds = _duration(field, value)
    if seconds == 0:
        raise _wrong(field, "longer than 0: leave it out for a run until it is stopped", value)
    return seconds


def _names(field: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise _wrong(field, "a list of names", value)
    return tuple(dict.fromkeys(value))


def _texts(field: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise _wrong(field, 'a list of texts such as ["--tenant", "acme"]', value)
    return tuple(value)


def _labels(field: str, value: object) -> dict[str, str]:
    texts = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
    if not isinstance(value, dict) or not texts or len(value) > MOST_LABELS:
        raise _wrong(field, f"an object of up to {MOST_LABELS} texts", value)
    return value


def _thresholds(field: str, value: object) -> tuple[Condition, ...]:
    if not isinstance(value, list) or len(value) > MOST_THRESHOLDS:
        raise _wrong(field, f"a list of up to {MOST_THRESHOLDS} thresholds", value)
    return tuple(_condition(f"{field}[{index}]", each) for index, each in enumerate(value))


def _condition(field: str, value: object) -> Condition:
    given: Any = {"expression": value} if isinstance(value, str) else value
    allowed = {"expression", "abort", "grace"}
    if not isinstance(given, dict) or not set(given) <= allowed or "expression" not in given:
        raise _wrong(field, "a text or an object with expression, abort and grace", value)
    expression, abort = given["expression"], given.get("abort", False)
    if not isinstance(expression, str):
        raise _wrong(f"{field}.expression", "a text", expression)
    if not isinstance(abort, bool):
        raise _wrong(f"{field}.abort", "true or false", abort)
    try:
        threshold = parse_threshold(expression)
    except ThresholdError as error:
        sentence = f"threshold '{expression}', column {error.column}: {error}"
        raise RequestError(sentence, field, error.column, "invalid_threshold") from None
    return Condition(threshold, abort, _duration(f"{field}.grace", given.get("grace", GRACE_S)))


READ: dict[str, Callable[[str, object], Any]] = {
    "name": _name,
    "host": _host,
    "user_count": _count,
    "spawn_rate": _rate,
    "run_time": _run_time,
    "warm_up": _duration,
    "user_classes": _names,
    "tags": _names,
    "exclude_tags": _names,
    "args": _texts,
    "thresholds": _thresholds,
    "expect_workers": _count,
    "wait_timeout": _duration,
    "labels": _labels,
}
"""How each field is read."""
