"""Keeps the fleets at their sizes: a master alone sets the capacity of their Auto Scaling groups.

Beside Locust, in a thread of its own: Auto Scaling can slow neither a load test nor the ledger.
"""

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from locust_cluster.common.documents.node_record import FleetCapacity
from locust_cluster.common.fleet import Demand, Fleet, back_at, desired, next_demand
from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.process_status import is_testing
from locust_cluster.common.settings import ConfigurationError
from locust_cluster.service.backoff import Backoff
from locust_cluster.service.demands import Demands
from locust_cluster.service.groups import Group, Groups, ScalingError

LOOK_EVERY_S = 2

ASK_EVERY_S = 60
"""A group is asked for at once when sizes change or a run begins or ends, and else so often."""


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
        self._open_groups = open_groups
        self._groups: dict[str, Groups] = {}
        self._demands = Demands(state_dir)
        self._occasion: tuple[Mapping[str, Fleet], bool] | None = None
        self._due = 0.0
        self._backoff = Backoff(longest_s=ASK_EVERY_S)
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
        testing = is_testing(self._run_dir, time.monotonic())
        if (fleets, testing) == self._occasion and now < self._due:
            return
        self._occasion = (fleets, testing)
        self._due = now + ASK_EVERY_S
        regions = {fleet.region for fleet in fleets.values()}
        found = {region: self._find(region) for region in regions}
        demands: dict[str, Demand] = {}
        state: dict[str, FleetCapacity] = {}
        for name, fleet in fleets.items():
            group = _group(name, found[fleet.region])
            capacity = group.capacity if isinstance(group, Group) else 0
            demand = next_demand(self._demands.of(name), capacity, testing, fleet.idle, time_of_day)
            if demand:
                demands[name] = demand
            capacity = desired(fleet, demand, time_of_day)
            back = back_at(fleet, demand, time_of_day) if demand else time_of_day
            state[name] = self._keep(name, fleet, group, capacity, back)
        self._conclude(state, now)
        self._demands.keep(demands)

    def _find(self, region: str) -> Mapping[str, Group] | ScalingError:
        try:
            if region not in self._groups:
                self._groups[region] = self._open_groups(region)
            return self._groups[region].find()
        except ScalingError as error:
            return error

    def _keep(
        self, name: str, fleet: Fleet, group: Group | ScalingError, capacity: int, back: float
    ) -> FleetCapacity:
        """Set the capacity of a fleet's group unless it is that already.

        One above the size ends at `back` even if this master never comes back.
        """
        if isinstance(group, ScalingError):
            return {"capacity": None, "error": str(group)}
        # What Terraform changes or drains has another maximum for a moment.
        wanted, size = min(capacity, group.most), min(fleet.size, group.most)
        groups = self._groups[fleet.region]
        try:
            if wanted > size:
                groups.shrink_at(group, size, back)
            elif group.shrinks:
                groups.shrink_never(group)
            if wanted != group.capacity:
                groups.set_capacity(group, wanted)
                _tell(f"fleet {name}: capacity {group.capacity} set to {wanted}")
        except ScalingError as error:
            return {"capacity": group.capacity, "error": str(error)}
        return {"capacity": wanted, "error": None}

    def _conclude(self, state: dict[str, FleetCapacity], now: float) -> None:
        before, self.state = self.state, state
        errors = {name: each["error"] for name, each in state.items() if each["error"]}
        if not errors:
            self._backoff.worked()
            return
        wait_s = self._backoff.failed(now)
        self._due = now + wait_s
        for name, error in errors.items():
            if name not in before or before[name]["error"] != error:
                _tell(f"fleet {name}: {error}; trying again in {wait_s} s")


def _group(fleet: str, found: Mapping[str, Group] | ScalingError) -> Group | ScalingError:
    if isinstance(found, ScalingError):
        return found
    return found.get(fleet) or ScalingError("it has no Auto Scaling group: deploy again")


def _tell(sentence: str) -> None:
    print(f"agent: {sentence}", file=sys.stderr)
