"""Notices that a report of a worker is missing: a connection that breaks takes what is on its way.

Pure.
"""

from collections import Counter
from collections.abc import Collection


class LostReports:
    """Of the last report of each worker; workers number them (plugin/runs_on_worker.py)."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._refused: Counter[str] = Counter()

    def missing(self, client_id: str, number: int) -> int:
        """How many reports are missing before this one and not known to be.

        0 for the first that is seen.
        """
        last = self._last.get(client_id)
        self._last[client_id] = number
        gap = 0 if last is None else max(0, number - last - 1)
        known = 0 if last is None else min(gap, self._refused[client_id])
        self._refused[client_id] -= known
        return gap - known

    def refuse(self, client_id: str) -> None:
        """A report was refused and counted: its number will be missing.

        Reports before it may still be on their way from the connection to here.
        """
        if client_id in self._last:
            self._refused[client_id] += 1

    def keep(self, clients: Collection[str]) -> None:
        """Forget who is none of these."""
        self._last = {client: last for client, last in self._last.items() if client in clients}
        self._refused = Counter({c: n for c, n in self._refused.items() if n and c in clients})

    def __len__(self) -> int:
        return len(self._last)
