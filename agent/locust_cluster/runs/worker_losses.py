"""Worker processes that a run lost while it went on. Pure: no Locust, no clock."""

from collections.abc import Iterable

from locust_cluster.common.documents.api import LostWorkers

COUNTED = frozenset({"ready", "spawning", "running"})
"""States of the workers that Locust's own `worker_count` counts."""


PRESENT = COUNTED | {"stopping"}
"""With those that leave in order: they have yet to hand over their last figures."""


class WorkerLosses:
    """Told by the ids of the connected processes: one that is started again has another.

    Their number alone hides a loss: Locust counts a killed process for some seconds more
    (runners.py, heartbeat_worker), in which the next one may be there.
    """

    def __init__(self) -> None:
        self._present: set[str] | None = None
        self._full = 0
        self._count = 0
        self._first_s: float | None = None
        self._back_s: float | None = None

    def look(self, present: Iterable[str], elapsed_s: float) -> None:
        """`elapsed_s` since the run began."""
        ids = set(present)
        if self._present is None:
            self._full = len(ids)
        elif gone := self._present - ids:
            self._count += len(gone)
            self._first_s = elapsed_s if self._first_s is None else self._first_s
            self._back_s = None
        if self._count and self._back_s is None and len(ids) >= self._full:
            self._back_s = elapsed_s
        self._present = ids

    @property
    def count(self) -> int:
        return self._count

    def excuse(self, process: str) -> None:
        """It has left in order, and all that it counted is here."""
        if self._present and process in self._present:
            self._present.discard(process)
            self._full -= 1

    def to_document(self) -> LostWorkers:
        return {"count": self._count, "first_s": self._first_s, "back_s": self._back_s}
