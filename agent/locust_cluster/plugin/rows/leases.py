"""Which rows of a file are free, and which process has the others. Pure."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable


class RowLeases:
    """Of one file. A row is with one process at a time; what comes back is given last."""

    def __init__(self, count: int) -> None:
        self._fresh = iter(range(count))
        self._returned: deque[int] = deque()
        self._taken: defaultdict[str, set[int]] = defaultdict(set)

    def take(self, process: str, wanted: int) -> list[int]:
        """As many rows as are wanted, or as there are."""
        rows: list[int] = []
        while len(rows) < wanted:
            row = next(self._fresh, None)
            if row is None and self._returned:
                row = self._returned.popleft()
            if row is None:
                break
            rows.append(row)
        self._taken[process].update(rows)
        return rows

    def give_back(self, process: str, rows: Iterable[int]) -> None:
        """Rows that the process does not have are passed over: it may speak of the run before."""
        for row in rows:
            if row in self._taken[process]:
                self._taken[process].remove(row)
                self._returned.append(row)

    def keep_only(self, present: Collection[str]) -> None:
        """Take back what lost processes had."""
        for process in [each for each in self._taken if each not in present]:
            self._returned.extend(sorted(self._taken.pop(process)))
