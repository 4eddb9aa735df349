"""When a run did what. Pure."""

from dataclasses import dataclass
from typing import Literal

Phase = Literal["waiting", "warm_up", "measuring", "over"]


@dataclass
class RunTimes:
    """In seconds since 1970; None while it has not come to that."""

    started: float | None = None
    measured_from: float | None = None
    """Begin of the part that is judged, after the warm-up."""
    load_ended: float | None = None
    """When the users were told to stop."""
    ended: float | None = None

    @property
    def is_warming_up(self) -> bool:
        return self.started is not None and self.measured_from is None

    def measured_s(self, now: float) -> float:
        """Length of the judged part so far; while it warms up, of the warm-up."""
        begun = self.started if self.measured_from is None else self.measured_from
        return 0.0 if begun is None else max(0.0, (self.load_ended or now) - begun)

    def elapsed_s(self, now: float) -> float:
        """Length of the load so far, its warm-up included."""
        if self.started is None:
            return 0.0
        return max(0.0, (self.load_ended or self.ended or now) - self.started)

    def phase(self, is_over: bool) -> Phase:
        if is_over:
            return "over"
        if self.started is None:
            return "waiting"
        return "warm_up" if self.is_warming_up else "measuring"
