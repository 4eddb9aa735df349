"""When fleets had no process in a run though they have a share of its users. Pure."""

from collections.abc import Sequence

from locust_cluster.runs.duration import in_words
from locust_cluster.runs.run_shares import title

MOST_TIMES = 3
"""The last of them, of one fleet: the sentence stays short."""


class AbsentFleets:
    """Of one run."""

    def __init__(self) -> None:
        self._times: dict[str, list[tuple[float, float | None]]] = {}

    def note(self, absent: Sequence[str], elapsed_s: float) -> str | None:
        """These are absent from now on. Returns what is to be said about all; None for nothing."""
        for name in absent:
            times = self._times.setdefault(name, [])
            if not times or times[-1][1] is not None:
                times.append((elapsed_s, None))
        for name, times in self._times.items():
            if name not in absent and times[-1][1] is None:
                times[-1] = (times[-1][0], elapsed_s)
        said = "; ".join(f"{title(name)} {_said(times)}" for name, times in self._times.items())
        return f"no process of {said}: the others had its users" if said else None


def _said(times: Sequence[tuple[float, float | None]]) -> str:
    return " and ".join(
        f"from {in_words(round(start))} on"
        if end is None
        else f"from {in_words(round(start))} to {in_words(round(end))}"
        for start, end in times[-MOST_TIMES:]
    )
