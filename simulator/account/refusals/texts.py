"""Rules for the texts of a request, by the place where they stand in its input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import regex

from refusals.refusal import Refusal
from refusals.request import Call


class Text(NamedTuple):
    where: str
    """`<operation>.<member>.<member>`, without the numbers of lists; `*` for any of it."""
    allowed: str
    refusal: Refusal
    """`{value}` in its message is the text."""


def refused_texts(call: Call, rules: Iterable[Text]) -> Iterator[Refusal]:
    for place, value in texts(call.operation.name, call.values):
        for where, allowed, refusal in rules:
            if fnmatchcase(place, where) and not regex.fullmatch(allowed, value):
                yield refusal._replace(message=refusal.message.replace("{value}", value))


def texts(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(f"{place}.{name}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(place, inner)
