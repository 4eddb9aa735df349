"""The files of a master, its agent's part for fleets, and Auto Scaling, for the tests."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from published import bundle, manifest

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.fleet import Scaled
from locust_cluster.common.fleet_supply import Supply, read_supply
from locust_cluster.common.run_needs import RunNeeds, write_run_needs
from locust_cluster.common.scaled_fleets import write_scaled
from locust_cluster.service.groups import Group, Groups, ScalingError
from locust_cluster.service.scaling import Scaling

EU = {"region": "us-east-1", "size": 2, "max": 5, "idle": 300, "spot": True}

NOON = 1_800_000_000.0

RUN = "20261121-110432"


def group(fleet: str, capacity: int, started: int | None = None) -> Group:
    """Without a number started AWS has given all."""
    there = capacity if started is None else started
    return Group(f"shop-{fleet}", capacity, 5, shrinks=False, started=there, in_service=there)


def state(capacity: int | None, **more: Any) -> dict[str, Any]:
    """Of a fleet that has its capacity."""
    return {"capacity": capacity, "error": None, "started": capacity, "problem": None, **more}


class Account:
    """Auto Scaling in one region, with the groups of a cluster."""

    def __init__(self, **capacities: int) -> None:
        self.groups = {name: group(name, n) for name, n in capacities.items()}
        self.refusal: str | None = None
        self.refused = set(capacities)
        """The fleets that a refusal is about."""
        self.refusals = 0
        self.asked = 0
        self.set: list[tuple[str, int]] = []
        self.back: dict[str, tuple[int, float]] = {}
        """What is scheduled, with its time in seconds since noon."""
        self.gives = 99
        """Instances of a fleet that AWS starts at most, and why no more."""
        self.problem = "AWS has no capacity"
        self.told_since: list[float] = []

    def change(self, fleet: str, **to: Any) -> None:
        self.groups[fleet] = replace(self.groups[fleet], **to)

    def find(self) -> Mapping[str, Group]:
        self.asked += 1
        return self.groups

    def set_capacity(self, group: Group, capacity: int) -> None:
        fleet = group.name.removeprefix("shop-")
        if self.refusal and fleet in self.refused:
            self.refusals += 1
            raise ScalingError(self.refusal)
        self.set.append((fleet, capacity))
        started = min(capacity, max(self.gives, self.groups[fleet].started))
        self.change(fleet, capacity=capacity, started=started, in_service=started)

    def why_missing(self, _: Group, since: float) -> str | None:
        self.told_since.append(since - NOON)
        return self.problem

    def shrink_at(self, group: Group, capacity: int, time_of_day: float) -> None:
        fleet = group.name.removeprefix("shop-")
        self.back[fleet] = (capacity, time_of_day - NOON)
        self.change(fleet, shrinks=True)

    def shrink_never(self, group: Group) -> None:
        fleet = group.name.removeprefix("shop-")
        del self.back[fleet]
        self.change(fleet, shrinks=False)


class Master:
    """Its Locust writes its files at every look, as long as it lives."""

    def __init__(self, folder: Path, account: Account) -> None:
        self.folder = folder
        self.account = account
        self.is_alive = True
        self._needs: RunNeeds | None = None
        self._testing = False
        self._now = 0.0
        self.tell({"eu": EU})
        self.start()

    def start(self) -> None:
        """The agent service, afresh."""
        current_json = self.folder / "current.json"
        self.scaling = Scaling(
            current_json, self.folder, self.folder, lambda region: self.open(region)
        )

    def open(self, region: str) -> Groups:
        assert region == "us-east-1"
        return self.account

    def tell(self, fleets: dict[str, Any]) -> None:
        document = {**json.loads(manifest(bundle(1))), "fleets": fleets}
        (self.folder / "current.json").write_text(json.dumps(document))

    def test(self, testing: bool) -> None:
        self._testing = testing

    def need(self, ends: float | None = None, run: str = RUN, at: float = 0, **asked: int) -> None:
        """A run is not over that was asked for `at`. Times in seconds since noon."""
        until = None if ends is None else NOON + ends
        self._needs = RunNeeds(run, NOON + at, asked, until)

    def need_nothing(self) -> None:
        self._needs = None

    def scale(self, at: float, **machines: int) -> None:
        """By hand, at so many seconds since noon."""
        scaled = {name: Scaled(count, NOON + at) for name, count in machines.items()}
        write_scaled(self.folder / "scaled.json", scaled)

    @property
    def supply(self) -> Supply:
        """What the run is told."""
        return read_supply(self.folder / "fleets.json", self._now)

    def look(self, now: float) -> list[tuple[str, int]]:
        """What was set at `now`, in seconds since noon."""
        self._now = now
        if self.is_alive:
            self._write(now)
        self.scaling.look(now, NOON + now)
        told, self.account.set = self.account.set, []
        return told

    def look_at(self, *times: float) -> list[tuple[float, str, int]]:
        """What was set, each with its time."""
        return [(now, *each) for now in times for each in self.look(now)]

    def _write(self, now: float) -> None:
        status = {"state": "connected", "pid": 1, "time": float(now), "testing": self._testing}
        write_json(self.folder / "process-1.json", status)
        needs_file = self.folder / "needs.json"
        if self._needs:
            write_run_needs(needs_file, self._needs, now)
        else:
            needs_file.unlink(missing_ok=True)


def full(*_: object) -> None:
    """In the place of what writes: the disk is full."""
    raise OSError(28, "No space left on device")


def refusing(sentence: str) -> Callable[..., None]:
    """In the place of what Auto Scaling does."""

    def refuse(*_: object) -> None:
        raise ScalingError(sentence)

    return refuse
