"""A hold on new runs: nothing begins on this master while somebody saves its runs.

It is a lease. Whoever holds renews it; when that one dies, or gives up, the master is free again by
itself.
"""

import time
from collections.abc import Callable

from locust_cluster.common.documents import api
from locust_cluster.common.iso_time import iso


class RunsHeldError(Exception):
    """No run begins now: one sentence."""


class Hold:
    """Of one master; a master that is started again has none. Times of a steady clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._document: api.Hold | None = None
        self._end = 0.0

    def take(self, reason: str, seconds: int) -> None:
        """Begin, or renew."""
        self._document = {"reason": reason, "until": iso(time.time() + seconds)}
        self._end = self._clock() + seconds

    def lift(self) -> None:
        self._document = None

    def to_document(self) -> api.Hold | None:
        """None when runs may begin."""
        return self._document if self._clock() < self._end else None

    def check(self) -> None:
        """Raises RunsHeldError."""
        if document := self.to_document():
            raise RunsHeldError(f"runs are blocked until {document['until']}: {document['reason']}")
