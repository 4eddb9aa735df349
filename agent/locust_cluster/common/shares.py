"""Shares of the users by fleet, such as `{"eu": "60%", "us": "40%"}`. Pure."""

import re
from collections.abc import Mapping

WHOLE = 100_00
"""100 %, in hundredths of a percent."""

_PERCENTAGE = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?%")


class ShareError(ValueError):
    """One share is wrong, or all together: a sentence without its subject."""

    def __init__(self, sentence: str, name: str | None = None) -> None:
        super().__init__(sentence)
        self.name = name
        """Of the share; None when it is about all."""


def read_shares(shares: Mapping[str, str]) -> dict[str, int]:
    """Hundredths of a percent by fleet; none where there are no shares. Raises ShareError."""
    read = {name: _hundredths(name, text) for name, text in shares.items()}
    if read and (total := sum(read.values())) != WHOLE:
        given = ", ".join(f"{name} {text}" for name, text in shares.items())
        raise ShareError(f"must be 100% together, got {_percentage(total)} ({given})")
    return read


def _hundredths(name: str, text: str) -> int:
    found = _PERCENTAGE.fullmatch(text)
    share = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not 0 < share <= WHOLE:
        allowed = "a percentage above 0 and up to 100 with at most two decimals, such as 60%"
        raise ShareError(f"must be {allowed}, got {text!r}", name)
    return share


def _percentage(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") + "%"
