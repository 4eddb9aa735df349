"""Machines that left a run in order, since AWS was about to end them. Pure: no Locust, no clock."""

from dataclasses import dataclass

from locust_cluster.common.constants import EndCause
from locust_cluster.common.documents import api

MOST_LISTED = 100
"""The others are only counted."""

MOST_MARKS = 20
"""Of a row of the timeline."""

_WORDS = {"spot": "spot", "group": "Auto Scaling"}


@dataclass(frozen=True)
class Leaving:
    """What a process says when it leaves: of its machine."""

    instance_id: str
    node: str
    fleet: str
    cause: EndCause
    ends: str | None


class Interruptions:
    """Of one run. Each process of a machine says so; a machine is counted once."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._machines: list[api.Interruption] = []
        self._new: list[str] = []

    def add(self, leaving: Leaving, time: str, elapsed_s: float) -> bool:
        """True for the first process of a machine."""
        if leaving.instance_id in self._seen:
            return False
        self._seen.add(leaving.instance_id)
        self._new.append(_mark(leaving))
        if len(self._machines) < MOST_LISTED:
            self._machines.append(
                {
                    "node": leaving.node,
                    "instance_id": leaving.instance_id,
                    "fleet": leaving.fleet,
                    "cause": leaving.cause,
                    "time": time,
                    "elapsed_s": elapsed_s,
                    "ends": leaving.ends,
                }
            )
        return True

    @property
    def count(self) -> int:
        return len(self._seen)

    def new_marks(self) -> list[str]:
        """Those since the last call, for the timeline."""
        marks, self._new = self._new, []
        beyond = len(marks) - MOST_MARKS
        return [*marks[:MOST_MARKS], *([f"and {beyond} more"] if beyond > 0 else [])]

    def to_document(self) -> api.Interruptions:
        return {"count": self.count, "machines": [each.copy() for each in self._machines]}


def _mark(leaving: Leaving) -> str:
    """`spot: i-0abc, fleet eu, leaves`."""
    fleet = f"fleet {leaving.fleet}, " if leaving.fleet else ""
    return f"{_WORDS[leaving.cause]}: {leaving.instance_id}, {fleet}leaves"
