"""Keeps the fleets at their sizes: a master alone sets the capacity of their Auto Scaling groups.

Beside Locust, in a thread of its own: Auto Scaling can slow neither a load test nor the ledger.
What the run needs, and what somebody has set by hand, comes as a file, and so goes the answer
(common/run_needs.py, scaled_fleets.py, fleet_supply.py).
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from locust_cluster.common.documents.node_record import FleetCapacity
from locust_cluster.common.fleet_supply import SUPPLY_FILE, FleetSupply, Supply, write_supply
from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.settings import ConfigurationError
from locust_cluster.service.capacity import bring_to, has, unknown
from locust_cluster.service.demand import next_demand
from locust_cluster.service.demands import Demands
from locust_cluster.service.fleet_plan import FleetPlan
from locust_cluster.service.groups import Group, Groups, ScalingError
from locust_cluster.service.journal import say
from locust_cluster.service.occasion import Occasion, read_occasion
from locust_cluster.service.pace import Pace

LOOK_EVERY_S = 2

CLOCKS_DIFFER_S = 5
"""An attempt to start an instance has AWS's time, the others are the master's."""


@dataclass
class _Kept:
    """How one fleet is, from look to look."""

    pace: Pace = field(default_factory=Pace)
    missing_since: float = 0.0
    """When it was last complete or given another capacity, in seconds since 1970."""
    state: FleetCapacity | None = None
    """None before its first look."""
    supply: FleetSupply = field(default_factory=FleetSupply)


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
        self._unsaved: str | None = None
        self._occasion: Occasion | None = None
        self._kept: Mapping[str, _Kept] = {}
        """By the name of a fleet. Read by other threads, too: replaced whole."""

    @property
    def state(self) -> dict[str, FleetCapacity]:
        """For the ledger, by the name of a fleet."""
        return {name: kept.state for name, kept in self._kept.items() if kept.state}

    def run_forever(self) -> None:
        """For a thread of its own. Never ends, never raises."""
        while True:
            try:
                self.look(time.monotonic(), time.time())
            except Exception as error:
                say(f"fleets: {type(error).__name__}: {error}")
            time.sleep(LOOK_EVERY_S)

    def look(self, now: float, time_of_day: float) -> None:
        """Set what differs, where that is due. What AWS refuses is tried again later.

        `now` by the steady clock, `time_of_day` in seconds since 1970.
        """
        try:
            fleets = read_manifest(self._current_json).fleets
        except ConfigurationError:
            return  # Locust says why.
        occasion = read_occasion(fleets, self._run_dir, now, time_of_day)
        is_new, self._occasion = occasion != self._occasion, occasion
        if is_new:
            self._forget_all_but(fleets)
        due = [*fleets] if is_new else self._due(occasion, now, time_of_day)
        found = {region: self._find(region) for region in {fleets[name].region for name in due}}
        for name in due:
            is_renewed = self._kept[name].pace.begin(now, is_new)
            group = _group(name, found[fleets[name].region])
            state = self._bring(name, group, occasion, is_renewed, time_of_day)
            self._conclude(name, group, state, occasion.is_awaited(name), now)
        if due or is_new or self._unsaved:
            self._save(occasion, now)

    def _forget_all_but(self, fleets: Collection[str]) -> None:
        self._demands.forget_all_but(fleets)
        self._kept = {name: self._kept.get(name, _Kept()) for name in fleets}

    def _due(self, occasion: Occasion, now: float, time_of_day: float) -> list[str]:
        """A region is asked for all fleets at once, but for those that it has just refused."""
        fleets, kept = occasion.fleets, self._kept
        ended = self._demands.ended(time_of_day)
        regions = {
            fleet.region
            for name, fleet in fleets.items()
            if name in ended or now >= kept[name].pace.due
        }
        there = (name for name, fleet in fleets.items() if fleet.region in regions)
        return [name for name in there if name in ended or not kept[name].pace.waits(now)]

    def _find(self, region: str) -> Mapping[str, Group] | ScalingError:
        try:
            if region not in self._groups:
                self._groups[region] = self._open_groups(region)
            return self._groups[region].find()
        except ScalingError as error:
            return error

    def _bring(
        self,
        name: str,
        group: Group | ScalingError,
        occasion: Occasion,
        is_renewed: bool,
        time_of_day: float,
    ) -> FleetCapacity:
        """To its capacity."""
        fleet, kept = occasion.fleets[name], self._kept[name]
        seen = occasion.seen(name, group.started if isinstance(group, Group) else None)
        demand = next_demand(self._demands.of(name), seen, fleet.idle, time_of_day)
        self._demands.remember(name, demand)
        plan = FleetPlan(name, fleet, seen, demand)
        if isinstance(group, ScalingError):
            state = unknown(group)
        else:
            since = kept.missing_since - CLOCKS_DIFFER_S
            wanted = plan.wanted(time_of_day, is_renewed, since)
            state = bring_to(wanted, self._groups[fleet.region], group)
            if state["capacity"] != group.capacity or has(group, group.capacity):
                kept.missing_since = time_of_day
        kept.supply = plan.supply(state)
        return state

    def _conclude(
        self,
        name: str,
        group: Group | ScalingError,
        state: FleetCapacity,
        is_awaited: bool,
        now: float,
    ) -> None:
        kept, error = self._kept[name], state["error"]
        before, kept.state = kept.state, state
        if error is None:
            is_short = isinstance(group, Group) and not has(group, state["capacity"])
            kept.pace.worked(now, is_short and is_awaited)
            return
        wait_s = kept.pace.failed(now)
        if before is None or before["error"] != error:
            say(f"fleet {name}: {error}; trying again in {wait_s} s")

    def _save(self, occasion: Occasion, now: float) -> None:
        """On a full disk the fleets go on, and the next look tries again."""
        supplies = {name: kept.supply for name, kept in self._kept.items()}
        supply = Supply(occasion.told.run if occasion.told else None, supplies)
        failed = None
        for write in (self._demands.save, lambda: _answer(self._supply_file, supply, now)):
            try:
                write()
            except OSError as error:
                failed = f"fleets: cannot write {self._supply_file.parent}: {error.strerror}"
        if failed and failed != self._unsaved:
            say(failed)
        self._unsaved = failed


def _answer(file: Path, supply: Supply, now: float) -> None:
    if supply.fleets:
        write_supply(file, supply, now)
    else:
        file.unlink(missing_ok=True)


def _group(fleet: str, found: Mapping[str, Group] | ScalingError) -> Group | ScalingError:
    if isinstance(found, ScalingError):
        return found
    return found.get(fleet) or ScalingError("it has no Auto Scaling group: deploy again")
