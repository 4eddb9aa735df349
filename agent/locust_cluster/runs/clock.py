"""Times of a run: how they are counted, and how the API and the archive write them."""

import time
from datetime import UTC, datetime


class RunClock:
    """Seconds since 1970 that only go forward, however the machine's clock is set meanwhile.

    Rows, thresholds and run time of one run go by it: they would stand still while a clock that was
    set back repeats its hour.
    """

    def __init__(self, begin: float) -> None:
        self._ahead = begin - time.monotonic()

    def now(self) -> float:
        return self._ahead + time.monotonic()


def iso(seconds: float) -> str:
    """ISO 8601 in UTC, with milliseconds: 2026-11-21T11:04:32.120Z; such texts sort by time."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def from_iso(text: str) -> float:
    """Seconds since 1970. Raises ValueError; a time without a zone is taken as UTC."""
    time = datetime.fromisoformat(text)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
