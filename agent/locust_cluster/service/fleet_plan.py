"""What a master wants of one fleet now, and what its run may know of it. Pure."""

from dataclasses import dataclass

from locust_cluster.common.documents.node_record import FleetCapacity
from locust_cluster.common.fleet import Fleet
from locust_cluster.common.fleet_supply import FleetSupply
from locust_cluster.service.capacity import Wanted
from locust_cluster.service.demand import BY_HAND, Demand, Seen, back_at, desired, with_scaled


@dataclass(frozen=True)
class FleetPlan:
    """Of one fleet, at one moment."""

    name: str
    fleet: Fleet
    seen: Seen
    demand: Demand | None
    """Of the run that is not over and those before."""

    def wanted(self, time_of_day: float, is_renewed: bool, since: float) -> Wanted:
        fleet = self.fleet
        demand = with_scaled(self.demand, self.seen.scaled, fleet.idle)
        capacity = desired(fleet, demand, time_of_day)
        back = back_at(demand, fleet.idle, time_of_day) if demand else time_of_day
        return Wanted(self.name, capacity, fleet.size, back, is_renewed, since)

    def supply(self, state: FleetCapacity) -> FleetSupply:
        """The run's part of how the fleet is."""
        started = state["started"]
        kept = None if started is None else self._why_more(started)
        problem, most, need = state["problem"], self.fleet.max, self.seen.need
        if need and (need.machines or 0) > most:
            problem = f"fleets.{self.name}.max is {most} now: ask for at most {most}"
        return FleetSupply(started, state["error"] or problem, kept)

    def _why_more(self, started: int) -> str | None:
        """Which run or size keeps more machines than the present run has asked for."""
        need, demand, size = self.seen.need, self.demand, self.fleet.size
        if need is None or need.machines is None or demand is None or started <= need.machines:
            return None
        if size >= started:
            return f"{started} machines are up: fleets.{self.name}.size is {size}"
        if demand.asked_by == BY_HAND:
            return f"{started} machines are up: somebody has set them by hand"
        if demand.asked_by not in ("", need.run):
            return f"{started} machines are up: run {demand.asked_by} has asked for them"
        return f"{started} machines are up, and none leaves during a run"
