"""What the API's document cannot say of a run's request, field by field. Pure."""

from collections.abc import Callable
from typing import Any

import msgspec

from locust_cluster.common.documents import bodies
from locust_cluster.common.shares import ShareError, read_shares
from locust_cluster.runs.duration import LONGEST_S, to_seconds
from locust_cluster.runs.request_body import allowed_in, one_line, read_body
from locust_cluster.runs.request_error import RequestError, shown, wrong
from locust_cluster.runs.thresholds import GRACE_S, Condition, ThresholdError, parse_threshold

MOST_LABELS = 20

MOST_OF_SHARES = 400
"""Characters of what is wrong with shares: it names all of them."""


def read_fields(body: object) -> dict[str, Any]:
    """Those that the body gives. Raises RequestError for the first thing wrong."""
    asked = msgspec.structs.asdict(read_body(bodies.RunRequest, body))
    return {
        field: READ[field](field, value) if field in READ else value
        for field, value in asked.items()
        if value is not None
    }


def _name(field: str, value: str) -> str:
    return one_line(bodies.RunRequest, field, value).strip()


def _duration(field: str, value: float | str) -> int:
    seconds = to_seconds(value)
    if seconds > LONGEST_S:
        raise wrong(field, allowed_in(bodies.RunRequest, "run_time"), value)
    return seconds


def _run_time(field: str, value: float | str) -> int:
    seconds = _duration(field, value)
    if seconds == 0:
        raise wrong(field, "longer than 0: leave it out for a run until it is stopped", value)
    return seconds


def _names(_: str, value: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value))


def _texts(_: str, value: list[str]) -> tuple[str, ...]:
    return tuple(value)


def _labels(field: str, value: dict[str, str]) -> dict[str, str]:
    if len(value) > MOST_LABELS:  # the generator knows no `maxProperties`
        raise wrong(field, allowed_in(bodies.RunRequest, field), value)
    return value


def _shares(field: str, value: dict[str, str]) -> dict[str, str]:
    try:
        read_shares(value)
    except ShareError as error:
        place = field if error.name is None else f"{field}.{shown(error.name)}"
        raise RequestError(f"'{place}' {shown(str(error), MOST_OF_SHARES)}", place) from None
    return value


def _thresholds(field: str, value: list[bodies.ThresholdRequest]) -> tuple[Condition, ...]:
    return tuple(_condition(f"{field}[{index}]", each) for index, each in enumerate(value))


def _condition(field: str, value: bodies.ThresholdRequest) -> Condition:
    asked = bodies.Condition(value) if isinstance(value, str) else value
    try:
        threshold = parse_threshold(asked.expression)
    except ThresholdError as error:
        sentence = f"threshold '{shown(asked.expression)}', column {error.column}: {error}"
        raise RequestError(sentence, field, error.column, "invalid_threshold") from None
    grace = GRACE_S
    if isinstance(asked.grace, float | str):
        grace = _duration(f"{field}.grace", asked.grace)
    return Condition(threshold, bool(asked.abort), grace)


READ: dict[str, Callable[[str, Any], Any]] = {
    "name": _name,
    "run_time": _run_time,
    "warm_up": _duration,
    "user_classes": _names,
    "tags": _names,
    "exclude_tags": _names,
    "args": _texts,
    "thresholds": _thresholds,
    "shares": _shares,
    "wait_timeout": _duration,
    "labels": _labels,
}
"""Fields that are read further; the others are taken as they are."""
