"""Keeps the fleets at their sizes: a master alone sets the capacity of their Auto Scaling groups.

Beside Locust, in a thread of its own: Auto Scaling can slow neither a load test nor the ledger.
What the run needs, and what somebody has set by hand, comes as a file, and so goes the answer
(common/run_needs.py, scaled_fleets.py, fleet_supply.py).
"""

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from locust_cluster.common.documents.node_record import FleetCapacity
from locust_cluster.common.fleet import Fleet, Scaled, is_replaced, next_demand
from locust_cluster.common.fleet_supply import SUPPLY_FILE, Supply, write_supply
from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.process_status import is_testing
from locust_cluster.common.run_needs import NEEDS_FILE, RunNeeds, read_run_needs
from locust_cluster.common.scaled_fleets import SCALED_FILE, read_scaled
from locust_cluster.common.settings import ConfigurationError
from locust_cluster.service.backoff import Backoff
from locust_cluster.service.demands import Demands
from locust_cluster.service.fleet_plan import FleetPlan
from locust_cluster.service.groups import Group, Groups, ScalingError
from locust_cluster.service.kept_fleet import keep, unknown

LOOK_EVERY_S = 2

ASK_EVERY_S = 60
"""A group is asked for at once when sizes change or a run begins or ends, and else so often."""

ASK_SOON_S = 5
"""While machines are missing that somebody waits for."""

Occasion = tuple[Mapping[str, Fleet], bool, RunNeeds | None, Mapping[str, Scaled]]
"""What capacities depend on."""


class Scaling:
    """Of one master."""

    def __init__(
        self,
        current_json: Path,
        run_dir: Path,
        state_dir: Path,
        open_groups: Callable[[str], Groups],
    ) -> None:
        self._current_json = current_json
        self._run_dir = run_dir
        self._supply_file = state_dir / SUPPLY_FILE
        self._open_groups = open_groups
        self._groups: dict[str, Groups] = {}
        self._demands = Demands(state_dir)
        self._occasion: Occasion | None = None
        self._due = self._renewal_due = 0.0
        self._backoffs: dict[str, Backoff] = {}
        """Of the regions in which something failed: it holds up no other."""
        self.state: dict[str, FleetCapacity] = {}
        """For the ledger, by the name of a fleet. To be read by other threads: replaced whole."""

    def run_forever(self) -> None:
        """For a thread of its own. Never ends, never raises."""
        while True:
            try:
                self.look(time.monotonic(), time.time())
            except Exception as error:
                _tell(f"fleets: {type(error).__name__}: {error}")
            time.sleep(LOOK_EVERY_S)

    def look(self, now: float, time_of_day: float) -> None:
        """Set what differs, where that is due. What AWS refuses is tried again later.

        `now` in steady seconds, `time_of_day` in seconds since 1970.
        """
        try:
            fleets = read_manifest(self._current_json).fleets
        except ConfigurationError:
            return  # Locust says why.
        steady = time.monotonic()
        testing = is_testing(self._run_dir, steady)
        needs = read_run_needs(self._run_dir / NEEDS_FILE, steady, time_of_day)
        scaled = read_scaled(self._run_dir / SCALED_FILE, fleets, time_of_day)
        occasion = (fleets, testing, needs, scaled)
        is_new = occasion != self._occasion
        if not is_new and now < self._due:
            return
        self._occasion, self._due = occasion, now + ASK_EVERY_S
        is_renewed = is_new or now >= self._renewal_due
        if is_renewed:
            self._renewal_due = self._due
        regions = {fleet.region for fleet in fleets.values()}
        self._backoffs = {r: each for r, each in self._backoffs.items() if r in regions}
        left_alone = {r for r, each in self._backoffs.items() if not is_new and now < each.until}
        found = {region: self._find(region) for region in regions - left_alone}
        plans: dict[str, FleetPlan] = {}
        state: dict[str, FleetCapacity] = {}
        for name, fleet in fleets.items():
            group = _group(name, found.get(fleet.region))
            plan = self._plan(name, group, occasion, time_of_day)
            if group is None:
                state[name] = self.state[name]
            elif isinstance(group, ScalingError):
                state[name] = unknown(group)
            else:
                wanted = plan.wanted(time_of_day, is_renewed or fleet.region in self._backoffs)
                state[name] = keep(self._groups[fleet.region], group, wanted)
            plans[name] = plan
        of_region = {r: [n for n, fleet in fleets.items() if fleet.region == r] for r in found}
        self._conclude(state, of_region, {*(needs.machines if needs else ()), *scaled}, now)
        self._demands.keep({name: plan.demand for name, plan in plans.items() if plan.demand})
        if plans:
            supplies = {name: plan.supply(state[name]) for name, plan in plans.items()}
            supply = Supply(needs.run if needs else None, supplies)
            write_supply(self._supply_file, supply, time.monotonic())

    def _find(self, region: str) -> Mapping[str, Group] | ScalingError:
        try:
            if region not in self._groups:
                self._groups[region] = self._open_groups(region)
            return self._groups[region].find()
        except ScalingError as error:
            return error

    def _plan(
        self,
        name: str,
        group: Group | ScalingError | None,
        occasion: Occasion,
        time_of_day: float,
    ) -> FleetPlan:
        fleets, testing, needs, scaled = occasion
        fleet = fleets[name]
        started = group.started if isinstance(group, Group) else None
        need = needs.of(name) if needs else None
        last = self._demands.of(name)
        demand = next_demand(last, started, need, testing, fleet.idle, time_of_day)
        by_hand = scaled.get(name)
        if demand and by_hand and is_replaced(demand, by_hand, fleet.idle):
            demand = None
        return FleetPlan(name, fleet, need, demand, by_hand)

    def _conclude(
        self,
        state: dict[str, FleetCapacity],
        asked: Mapping[str, list[str]],
        awaited: set[str],
        now: float,
    ) -> None:
        """`asked`: the fleets of each region that was asked now."""
        before, self.state = self.state, state
        for region, fleets in asked.items():
            errors = {name: state[name]["error"] for name in fleets if state[name]["error"]}
            if not errors:
                self._backoffs.pop(region, None)
                continue
            backoff = self._backoffs.setdefault(region, Backoff(longest_s=ASK_EVERY_S))
            wait_s = backoff.failed(now)
            for name, error in errors.items():
                if name not in before or before[name]["error"] != error:
                    _tell(f"fleet {name}: {error}; trying again in {wait_s} s")
        if any(_is_short(state[name]) for name in awaited if name in state):
            self._due = now + ASK_SOON_S
        self._due = min([self._due, *(each.until for each in self._backoffs.values())])


def _group(
    fleet: str, found: Mapping[str, Group] | ScalingError | None
) -> Group | ScalingError | None:
    """None where its region is left alone for now."""
    if found is None or isinstance(found, ScalingError):
        return found
    return found.get(fleet) or ScalingError("it has no Auto Scaling group: deploy again")


def _is_short(state: FleetCapacity) -> bool:
    return (state["started"] or 0) < (state["capacity"] or 0)


def _tell(sentence: str) -> None:
    print(f"agent: {sentence}", file=sys.stderr)
