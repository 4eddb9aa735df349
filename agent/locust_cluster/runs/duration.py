"""Durations as Locust writes them (`-t 1h30m`). Pure."""

import re

UNITS_S = {"h": 3600, "m": 60, "s": 1, "": 1}

LONGEST_S = 30 * 24 * 3600
"""A month: more is a slip of the finger."""


def to_seconds(duration: float | str) -> int:
    """Seconds of a number, or of a text of the form that protocol/openapi.yaml allows: `1h30m`."""
    if not isinstance(duration, str):
        return int(duration)
    parts = re.findall(r"([0-9]+)([hms]?)", duration)
    return sum(int(number) * UNITS_S[unit] for number, unit in parts)


def in_words(seconds: float) -> str:
    """1h30m, 5m, 45s; whole seconds."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [f"{hours}h" if hours else "", f"{minutes}m" if minutes else "", f"{rest}s"]
    return "".join(parts[:2]) + (parts[2] if rest or whole < 60 else "")
