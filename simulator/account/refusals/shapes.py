"""What an input breaks of its service's model: required members, lengths, ranges, patterns, enumerations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import regex
from moto.core.model import Shape

MISSING = object()


class Violation(NamedTuple):
    kind: str
    """`missing`, `length`, `range`, `pattern` or `enum`."""
    path: str
    value: Any
    constraint: str
    """In the words of AWS's services, after "failed to satisfy constraint: "."""
    shape: Shape


class Naming(NamedTuple):
    """How a service names what it complains about."""

    member: Callable[[Shape, str], str]
    item: str
    """Of a list, with `{}` for its number from 1."""


def violations(value: Any, shape: Shape, naming: Naming, path: str = "") -> Iterator[Violation]:
    match shape.type_name:
        case "structure":
            yield from of_structure(value, shape, naming, path)
        case "list":
            yield from of_size(len(value), value, shape, path)
            for number, item in enumerate(value, 1):
                yield from violations(item, shape.member, naming, f"{path}.{naming.item.format(number)}")
        case "map":
            yield from of_size(len(value), value, shape, path)
            for number, (key, item) in enumerate(value.items(), 1):
                yield from violations(key, shape.key, naming, f"{path}.{number}.key")
                yield from violations(item, shape.value, naming, f"{path}.{number}.value")
        case "string":
            yield from of_size(len(value), value, shape, path)
            yield from of_text(value, shape, path)
        case "blob":
            yield from of_size(len(value), value, shape, path)
        case "integer" | "long" | "float" | "double":
            yield from of_limits(value, value, shape, path, "range", "have value")


def of_structure(value: dict[str, Any], shape: Any, naming: Naming, path: str) -> Iterator[Violation]:
    for name, member in shape.members.items():
        inner = ".".join(filter(None, (path, naming.member(member, name))))
        if name in value:
            yield from violations(value[name], member, naming, inner)
        elif name in shape.required_members:
            yield Violation("missing", inner, MISSING, "Member must not be null", member)


def of_size(size: int, value: Any, shape: Shape, path: str) -> Iterator[Violation]:
    return of_limits(size, value, shape, path, "length", "have length")


def of_limits(size: float, value: Any, shape: Shape, path: str, kind: str, words: str) -> Iterator[Violation]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield Violation(kind, path, value, f"Member must {words} greater than or equal to {least}", shape)
    if most is not None and size > most:
        yield Violation(kind, path, value, f"Member must {words} less than or equal to {most}", shape)


def of_text(value: str, shape: Shape, path: str) -> Iterator[Violation]:
    pattern, allowed = shape.metadata.get("pattern"), shape.metadata.get("enum")
    if pattern and not compiled(pattern).fullmatch(value):
        constraint = f"Member must satisfy regular expression pattern: {pattern}"
        yield Violation("pattern", path, value, constraint, shape)
    if allowed and value not in allowed:
        yield Violation("enum", path, value, f"Member must satisfy enum value set: [{', '.join(allowed)}]", shape)


@cache
def compiled(pattern: str) -> regex.Pattern[str]:
    """AWS's patterns are Java's, where a pair of surrogates is one character; Python's `re` knows no `\\p{L}`."""
    return regex.compile(pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"))
