"""Durations as Locust writes them (`-t 1h30m`). Pure."""

import re

PATTERN = re.compile(r"(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", re.ASCII)

LONGEST_S = 30 * 24 * 3600
"""A month: more is a slip of the finger."""


def to_seconds(duration: float | str) -> int:
    """Seconds of `90`, `90s`, `5m`, `1h30m` or a number. Raises ValueError for another text."""
    if not isinstance(duration, str):
        return int(duration)
    match = PATTERN.fullmatch(duration.strip())
    if match is None:
        raise ValueError(f"'{duration}' is not a duration such as 90s, 5m or 1h30m")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def in_words(seconds: float) -> str:
    """1h30m, 5m, 45s; whole seconds."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [f"{hours}h" if hours else "", f"{minutes}m" if minutes else "", f"{rest}s"]
    return "".join(parts[:2]) + (parts[2] if rest or whole < 60 else "")
