"""Times as the API, the archive and the ledger write them."""

from datetime import UTC, datetime


def iso(seconds: float) -> str:
    """ISO 8601 in UTC, with milliseconds: 2026-11-21T11:04:32.120Z; such texts sort by time."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def from_iso(text: str) -> float:
    """Seconds since 1970. Raises ValueError; a time without a zone is taken as UTC."""
    time = datetime.fromisoformat(text)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
