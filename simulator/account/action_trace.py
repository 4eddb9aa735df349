"""Actions that were asked for, by whom and with which answer: what a complete policy is compared with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from asked import Asked

seen: dict[tuple[str, str, str, bool], set[str]] = {}


def note(caller: str, asked: Asked, *, allowed: bool, statements: Iterable[str]) -> None:
    seen.setdefault((caller, asked.action, asked.resource, allowed), set()).update(statements)


def traced(caller: str) -> list[dict[str, Any]]:
    """`statements` are the ids of those that allowed it."""
    return [
        {"action": action, "resource": resource, "allowed": allowed, "statements": sorted(statements)}
        for (by, action, resource, allowed), statements in sorted(seen.items(), key=lambda item: item[0])
        if by == caller
    ]
