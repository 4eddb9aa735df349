"""The states of a run, and which may follow which. Pure."""

from dataclasses import dataclass, field
from typing import Any

from locust_cluster.common.iso_time import iso
from locust_cluster.common.run_states import OVER, State

BUSY: frozenset[State] = frozenset({"starting", "running", "stopping"})
"""Locust works for the run: no new bundle, no restart. A run that waits may wait for just that."""

NEXT: dict[State, frozenset[State]] = {
    "waiting": OVER | {"starting"},
    "starting": OVER | {"running", "stopping"},
    "running": OVER | {"stopping"},
    "stopping": OVER,
}


@dataclass
class States:
    """The states of one run so far; the last is the present one."""

    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def now(self) -> State:
        state: State = self.history[-1]["state"]
        return state

    @property
    def reason(self) -> str | None:
        reason: str | None = self.history[-1]["reason"]
        return reason

    @property
    def is_over(self) -> bool:
        return self.now in OVER

    def to(self, state: State, time: float, reason: str | None = None) -> None:
        """Enter a state. Raises ValueError when it cannot follow the present one."""
        if self.history and state not in NEXT.get(self.now, frozenset()):
            raise ValueError(f"a run that is {self.now} cannot become {state}")
        self.history.append({"state": state, "time": iso(time), "reason": reason})

    def explain(self, reason: str | None) -> None:
        """Give the present state another reason."""
        self.history[-1]["reason"] = reason
