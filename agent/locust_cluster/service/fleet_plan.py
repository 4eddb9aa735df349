"""What a master wants of one fleet now, and what its run may know of it. Pure."""

from dataclasses import dataclass

from locust_cluster.common.documents.node_record import FleetCapacity
from locust_cluster.common.fleet import (
    Demand,
    Fleet,
    Need,
    Scaled,
    back_at,
    desired,
    why_more,
    with_scaled,
)
from locust_cluster.common.fleet_supply import FleetSupply
from locust_cluster.service.kept_fleet import Wanted

CLOCKS_DIFFER_S = 5
"""An attempt to start an instance has AWS's time, a run the master's."""


@dataclass(frozen=True)
class FleetPlan:
    """Of one fleet, at one moment."""

    name: str
    fleet: Fleet
    need: Need | None
    """Of the run that is not over."""
    demand: Demand | None
    """Of that one and those before."""
    scaled: Scaled | None = None
    """By hand, if it still holds."""

    def wanted(self, time_of_day: float, is_renewed: bool) -> Wanted:
        demand = with_scaled(self.demand, self.scaled, self.fleet.idle)
        capacity = desired(self.fleet, demand, time_of_day)
        ends = self.need.ends if self.need else None
        back = time_of_day
        if demand:
            back = back_at(self.fleet, demand, ends, time_of_day)
        return Wanted(self.name, capacity, self.fleet.size, back, is_renewed, self._since)

    @property
    def _since(self) -> float:
        """When its machines were asked for, in seconds since 1970."""
        if self.need:
            return self.need.since - CLOCKS_DIFFER_S
        return self.scaled.at - CLOCKS_DIFFER_S if self.scaled else 0.0

    def supply(self, state: FleetCapacity) -> FleetSupply:
        """The run's part of how the fleet is."""
        started, kept = state["started"], None
        if self.need and self.demand and started is not None:
            kept = why_more(self.name, self.fleet, self.demand, self.need, started)
        problem = state["problem"]
        if self.need and self.need.machines > self.fleet.max:
            problem = f"fleets.{self.name}.max is {self.fleet.max} now"
        return FleetSupply(started, state["error"] or problem, kept)
