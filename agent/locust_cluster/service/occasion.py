"""What the capacities of a master's fleets depend on, as its files say at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from locust_cluster.common.fleet import Fleet, Scaled
from locust_cluster.common.process_status import is_testing
from locust_cluster.common.run_needs import NEEDS_FILE, RunNeeds, Silence, read_run_needs
from locust_cluster.common.scaled_fleets import SCALED_FILE, read_scaled
from locust_cluster.service.demand import Seen


@dataclass(frozen=True)
class Occasion:
    """A change of it is looked at at once."""

    fleets: Mapping[str, Fleet]
    testing: bool
    needs: RunNeeds | Silence | None
    scaled: Mapping[str, Scaled]

    @property
    def told(self) -> RunNeeds | None:
        """Of the run that is not over."""
        return self.needs if isinstance(self.needs, RunNeeds) else None

    def is_asked(self, fleet: str) -> bool:
        """Has the run asked for machines of it?"""
        return self.told is not None and fleet in self.told.machines

    def is_awaited(self, fleet: str) -> bool:
        """Does somebody wait for its machines? A test that has begun does not."""
        return fleet in self.scaled or (self.is_asked(fleet) and not self.testing)

    def seen(self, fleet: str, started: int | None) -> Seen:
        need = self.told.of(fleet) if self.told else None
        is_silent = isinstance(self.needs, Silence)
        return Seen(started, need, self.testing, is_silent, self.scaled.get(fleet))


def read_occasion(
    fleets: Mapping[str, Fleet], run_dir: Path, now: float, time_of_day: float
) -> Occasion:
    """`now` by the steady clock, `time_of_day` in seconds since 1970."""
    return Occasion(
        fleets,
        is_testing(run_dir, now),
        read_run_needs(run_dir / NEEDS_FILE, now, time_of_day),
        read_scaled(run_dir / SCALED_FILE, fleets, time_of_day),
    )
