"""What a field of a message may be. Pure. Every check raises BadMessageError.

`type(x) is int` is meant: a bool is no number, and it costs half of `isinstance`.
"""

import reprlib
from collections.abc import Mapping
from typing import Any

MOST = 10**15
"""Of any count or sum: far above a day of load, and exact as a float."""

MOST_ROWS = 100_000
"""Of a list or a table in one message."""

LONGEST_NAME = 10_000
"""Characters; where a test names no requests, they are named by their URL."""

LONGEST_TEXT = 1 << 20
"""Characters of an error or a traceback; tests put whole answers into them."""


class BadMessageError(ValueError):
    """A message that is dropped: one sentence, without a control character of the sender."""


def bad(what: str, allowed: str, value: object) -> BadMessageError:
    given = reprlib.repr(value).encode("ascii", "backslashreplace").decode()
    return BadMessageError(f"{what} must be {allowed}, got {given}")


def text(value: object, what: str, longest: int = LONGEST_NAME) -> None:
    if type(value) is not str or len(value) > longest:
        raise bad(what, f"a text of up to {longest} characters", value)


def count(value: object, what: str, most: int = MOST) -> None:
    if type(value) is not int or not 0 <= value <= most:
        raise bad(what, f"a whole number from 0 to {most}", value)


def number(value: object, what: str) -> None:
    """A finite number: comparisons with NaN are false."""
    if (type(value) is not float and type(value) is not int) or not -MOST <= value <= MOST:
        raise bad(what, "a number", value)


def maybe_number(value: object, what: str) -> None:
    if value is not None:
        number(value, what)


def table(value: object, what: str) -> dict[Any, Any]:
    if type(value) is not dict or len(value) > MOST_ROWS:
        raise bad(what, f"an object of up to {MOST_ROWS} entries", value)
    return value


def rows(value: object, what: str) -> list[Any]:
    if type(value) is not list or len(value) > MOST_ROWS:
        raise bad(what, f"a list of up to {MOST_ROWS} entries", value)
    return value


def counts(value: object, what: str) -> None:
    """Counts by number: by response time, by second. They are most of a report."""
    for key, each in table(value, what).items():
        # Nearly all keys are whole and far below the bound.
        if not (type(each) is int and 0 <= each <= MOST and type(key) is int and 0 <= key <= MOST):
            count(each, f"an entry of {what}")
            number(key, f"a key of {what}")


def counts_by_name(value: object, what: str) -> None:
    for key, each in table(value, what).items():
        text(key, f"a key of {what}")
        count(each, f"an entry of {what}")


def field(document: Mapping[Any, Any], name: str, what: str) -> Any:
    """A field that must be there."""
    try:
        return document[name]
    except KeyError:
        raise BadMessageError(f"{what} has no '{name}'") from None
