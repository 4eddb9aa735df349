"""A hold on new runs: nothing begins on this master while somebody saves its runs.

It is a lease. Whoever holds renews it; when that one dies, or gives up, the master is free again by
itself.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from locust_cluster.common.iso_time import iso
from locust_cluster.runs.request_fields import RequestError

MOST_S = 3600
LONGEST_REASON = 200


class RunsHeldError(Exception):
    """No run begins now: one sentence."""


@dataclass(frozen=True)
class HoldRequest:
    """Of PUT /cluster/hold."""

    reason: str
    seconds: int


class Hold:
    """Of one master; a master that is started again has none. Times of a steady clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._document: dict[str, Any] | None = None
        self._end = 0.0

    def take(self, request: HoldRequest) -> None:
        """Begin, or renew."""
        self._document = {"reason": request.reason, "until": iso(time.time() + request.seconds)}
        self._end = self._clock() + request.seconds

    def lift(self) -> None:
        self._document = None

    def to_document(self) -> dict[str, Any] | None:
        """None when runs may begin."""
        return self._document if self._clock() < self._end else None

    def check(self) -> None:
        """Raises RunsHeldError."""
        if document := self.to_document():
            raise RunsHeldError(
                f"no run begins on this master until {document['until']}: {document['reason']}"
            )


def parse_hold(body: object) -> HoldRequest:
    """Read the body of PUT /cluster/hold. Raises RequestError for the first thing wrong."""
    if not isinstance(body, Mapping):
        raise RequestError("the body must be a JSON object", "body")
    reason, seconds = body.get("reason"), body.get("seconds")
    if (
        not isinstance(reason, str)
        or not reason.isprintable()
        or not 1 <= len(reason.strip()) <= LONGEST_REASON
    ):
        allowed = f"a sentence of 1 to {LONGEST_REASON} characters"
        raise RequestError(f"'reason' must be {allowed}, got {reason!r}", "reason")
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 1 <= seconds <= MOST_S:
        allowed = f"a whole number from 1 to {MOST_S}"
        raise RequestError(f"'seconds' must be {allowed}, got {seconds!r}", "seconds")
    return HoldRequest(reason.strip(), seconds)
