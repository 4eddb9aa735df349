"""Fleets are kept at their sizes: when Auto Scaling is asked, what it is told, what it refuses."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from published import bundle, manifest

from locust_cluster.common.fleet import Scaled
from locust_cluster.common.fleet_supply import FleetSupply, Supply, read_supply
from locust_cluster.common.process_status import write_process_status
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
    return Group(f"shop-{fleet}", capacity, most=5, shrinks=False, started=there)


def state(capacity: int | None, **more: Any) -> dict[str, Any]:
    """Of a fleet that has its capacity."""
    return {"capacity": capacity, "error": None, "started": capacity, "problem": None, **more}


class Account:
    """Auto Scaling in one region, with the groups of a cluster."""

    def __init__(self, **capacities: int) -> None:
        self.groups = {name: group(name, n) for name, n in capacities.items()}
        self.refusal: str | None = None
        self.asked = 0
        self.set: list[tuple[str, int]] = []
        self.back: dict[str, tuple[int, float]] = {}
        """What is scheduled, with its time in seconds since noon."""
        self.gives = 99
        """Instances of a fleet that AWS starts at most, and why no more."""
        self.problem = "AWS has no capacity"
        self.told_since: list[float] = []

    def find(self) -> Mapping[str, Group]:
        self.asked += 1
        return self.groups

    def set_capacity(self, group: Group, capacity: int) -> None:
        if self.refusal:
            raise ScalingError(self.refusal)
        fleet = group.name.removeprefix("shop-")
        self.set.append((fleet, capacity))
        started = min(capacity, max(self.gives, self.groups[fleet].started))
        self.groups[fleet] = replace(self.groups[fleet], capacity=capacity, started=started)

    def why_missing(self, _: Group, since: float) -> str | None:
        self.told_since.append(since - NOON)
        return self.problem

    def shrink_at(self, group: Group, capacity: int, time_of_day: float) -> None:
        fleet = group.name.removeprefix("shop-")
        self.back[fleet] = (capacity, time_of_day - NOON)
        self.groups[fleet] = replace(group, shrinks=True)

    def shrink_never(self, group: Group) -> None:
        fleet = group.name.removeprefix("shop-")
        del self.back[fleet]
        self.groups[fleet] = replace(group, shrinks=False)


class Master:
    """The files of a master, and its agent."""

    def __init__(self, folder: Path, account: Account) -> None:
        self.folder = folder
        self.account = account
        self.tell({"eu": EU})
        self.start()

    def start(self) -> None:
        current_json = self.folder / "current.json"
        self.scaling = Scaling(current_json, self.folder, self.folder, self.open)

    def open(self, region: str) -> Groups:
        assert region == "us-east-1"
        return self.account

    def tell(self, fleets: dict[str, Any]) -> None:
        document = {**json.loads(manifest(bundle(1))), "fleets": fleets}
        (self.folder / "current.json").write_text(json.dumps(document))

    def test(self, testing: bool) -> None:
        write_process_status(self.folder / "process-1.json", "connected", testing=testing)

    def need(self, ends: float | None = None, run: str = RUN, **machines: int) -> None:
        """A run is not over. Times in seconds since noon."""
        until = None if ends is None else NOON + ends
        write_run_needs(self.folder / "needs.json", RunNeeds(run, NOON, machines, until))

    def need_nothing(self) -> None:
        (self.folder / "needs.json").unlink()

    def scale(self, at: float, **machines: int) -> None:
        """By hand, at so many seconds since noon."""
        scaled = {name: Scaled(count, NOON + at) for name, count in machines.items()}
        write_scaled(self.folder / "scaled.json", scaled)

    @property
    def supply(self) -> Supply:
        """What the run is told."""
        return read_supply(self.folder / "fleets.json", time.monotonic())

    def look(self, now: float) -> list[tuple[str, int]]:
        """What was set at `now`, in seconds since noon."""
        self.scaling.look(now, NOON + now)
        told, self.account.set = self.account.set, []
        return told


@pytest.fixture
def master(tmp_path: Path) -> Master:
    return Master(tmp_path, Account(eu=0))


def test_sets_what_differs_at_its_start_and_asks_again_once_a_minute(master: Master) -> None:
    assert master.look(0) == [("eu", 2)]
    assert master.scaling.state == {"eu": state(2, started=0)}
    assert not any(master.look(now) for now in range(1, 121))
    assert master.account.asked == 3
    # Somebody else set it: the master alone does.
    master.account.groups["eu"] = group("eu", 4)
    assert [(now, *told) for now in range(121, 181) if (told := master.look(now))] == [
        (180, ("eu", 2))
    ]


def test_follows_the_manifest_at_once(master: Master) -> None:
    master.look(0)
    master.account.groups["us"] = group("us", 0)
    master.tell({"eu": {**EU, "size": 3}, "us": {**EU, "size": 1}})
    assert sorted(master.look(1)) == [("eu", 3), ("us", 1)]
    master.tell({"eu": {**EU, "size": 0}})
    assert master.look(2) == [("eu", 0)]
    assert list(master.scaling.state) == ["eu"]


def test_asks_for_nothing_in_a_cluster_without_fleets(master: Master) -> None:
    master.tell({})
    assert not any(master.look(now) for now in range(200))
    assert (master.account.asked, master.scaling.state) == (0, {})


def test_takes_no_machine_from_a_run_nor_from_one_that_may_follow(master: Master) -> None:
    master.look(0)
    master.account.groups["eu"] = group("eu", 4)
    master.test(True)
    assert not any(master.look(now) for now in range(1, 600))
    master.test(False)
    # The next agent knows of it, too.
    assert master.look(600) == []
    master.start()
    told = [(now, *told) for now in range(601, 1000) if (told := master.look(now))]
    assert told == [(901, ("eu", 2))]


def test_machines_above_the_size_leave_even_when_their_master_never_comes_back(
    master: Master,
) -> None:
    master.look(0)
    assert master.account.back == {}
    master.account.groups["eu"] = group("eu", 4)
    master.test(True)
    master.look(1)
    assert master.account.back == {"eu": (2, 301)}
    master.look(61)
    assert master.account.back == {"eu": (2, 361)}
    master.test(False)
    master.look(70)
    assert master.account.back == {"eu": (2, 370)}
    master.look(130)
    # Never so soon that a master that only starts again comes too late.
    assert master.account.back == {"eu": (2, 430)}
    assert master.look(370) == [("eu", 2)]
    assert master.account.back == {}


def test_what_was_scheduled_for_a_smaller_size_is_forgotten(master: Master) -> None:
    master.look(0)
    master.account.shrink_at(master.account.groups["eu"], 0, NOON + 100)
    master.look(60)
    assert master.account.back == {}


def test_leaves_a_group_alone_that_terraform_drains(master: Master) -> None:
    master.account.groups["eu"] = replace(group("eu", 0), most=0)
    assert master.look(0) == []
    assert master.scaling.state == {
        "eu": state(0, problem="its Auto Scaling group takes 0 machines at most: is a deploy on?")
    }


def test_says_once_why_aws_refuses_and_tries_again_less_and_less_often(
    master: Master, capsys: pytest.CaptureFixture[str]
) -> None:
    master.account.refusal = "AWS does not want to"
    for now in range(100):
        master.look(now)
    # At 0, 5, 15, 35 and 75 s.
    assert master.account.asked == 5
    assert capsys.readouterr().err == (
        "agent: fleet eu: AWS does not want to; trying again in 5 s\n"
    )
    assert master.scaling.state == {"eu": state(0, error="AWS does not want to")}
    master.account.refusal = None
    assert [now for now in range(100, 200) if master.look(now)] == [135]
    assert capsys.readouterr().err == "agent: fleet eu: capacity 0 set to 2\n"
    assert master.scaling.state == {"eu": state(2)}


def test_a_refused_fleet_does_not_keep_another(master: Master) -> None:
    master.tell({"eu": EU, "us": EU})
    assert master.look(0) == [("eu", 2)]
    assert master.scaling.state["us"] == state(
        None, error="it has no Auto Scaling group: deploy again"
    )


def test_says_which_cluster_it_cannot_tell(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> Groups:
        raise ScalingError("no tag here")

    monkeypatch.setattr(master, "open", refuse)
    master.start()
    assert master.look(0) == []
    assert master.scaling.state == {"eu": state(None, error="no tag here")}


def test_a_damaged_manifest_changes_no_fleet(master: Master) -> None:
    master.look(0)
    (master.folder / "current.json").write_text("{")
    assert master.look(60) == []
    assert master.scaling.state == {"eu": state(2, started=0)}


def test_a_run_has_its_machines_from_its_request_until_idle_after_its_end(master: Master) -> None:
    master.look(0)
    master.need(eu=4)
    assert master.look(1) == [("eu", 4)]
    assert not any(master.look(now) for now in range(2, 600))
    master.need_nothing()
    told = [(now, *told) for now in range(600, 1000) if (told := master.look(now))]
    assert told == [(900, ("eu", 2))]


def test_a_run_whose_master_was_started_again_keeps_its_machines(master: Master) -> None:
    master.need(eu=4)
    master.look(0)
    master.start()
    assert master.look(1) == []
    master.need_nothing()
    assert master.look(2) == []
    assert json.loads((master.folder / "demands.json").read_text()) == {
        "eu": {"machines": 4, "until": NOON + 302, "run": RUN}
    }


@pytest.mark.parametrize("content", ["{", "[]", '{"eu": 3}', '{"eu": {"machines": "3"}}'])
def test_a_damaged_memory_is_forgotten(master: Master, content: str) -> None:
    (master.folder / "demands.json").write_text(content)
    master.start()
    assert master.look(0) == [("eu", 2)]


def test_asks_often_while_a_run_misses_machines_and_tells_it_what_aws_says(
    master: Master,
) -> None:
    master.account.gives = 3
    master.need(eu=4)
    for now in range(12):
        master.look(now)
    assert master.account.asked == 3
    assert master.supply == Supply(RUN, {"eu": FleetSupply(3, "AWS has no capacity", None)})
    # Of this run, for clocks that differ a little.
    assert set(master.account.told_since) == {-5}
    # The way back is not scheduled anew each time.
    assert master.account.back == {"eu": (2, 300)}
    master.account.groups["eu"] = replace(master.account.groups["eu"], started=4)
    for now in range(15, 76):
        master.look(now)
    assert master.account.asked == 5
    assert master.supply == Supply(RUN, {"eu": FleetSupply(4, None, None)})


def test_aws_takes_a_fleet_back_after_the_end_of_its_run(master: Master) -> None:
    master.need(eu=4, ends=1000)
    master.look(0)
    assert master.account.back == {"eu": (2, 1300)}
    for now in range(60, 1261, 60):
        master.look(now)
    # It takes longer than its plan.
    assert master.account.back == {"eu": (2, 1560)}
    master.need_nothing()
    master.look(1270)
    assert master.account.back == {"eu": (2, 1570)}


def test_a_capacity_is_not_set_without_a_way_back(master: Master) -> None:
    def refuse(*_: object) -> None:
        raise ScalingError("not scheduled")

    master.look(0)
    master.need(eu=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(master.account, "shrink_at", refuse)
        assert not any(master.look(now) for now in range(1, 100))
        assert master.supply == Supply(RUN, {"eu": FleetSupply(2, "not scheduled", None)})
    assert [told for now in range(100, 200) if (told := master.look(now))] == [[("eu", 4)]]


def test_a_way_back_that_is_gone_is_scheduled_at_the_next_look(master: Master) -> None:
    """AWS has gone it, since the clocks differ; or somebody has deleted it."""
    master.account.gives = 3
    master.need(eu=4)
    master.look(0)
    master.account.shrink_never(master.account.groups["eu"])
    master.look(5)
    assert master.account.back == {"eu": (2, 305)}


def test_a_renewal_that_was_refused_is_tried_again_soon(master: Master) -> None:
    def refuse(*_: object) -> None:
        raise ScalingError("not scheduled")

    master.need(eu=4)
    master.look(0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(master.account, "shrink_at", refuse)
        for now in range(5, 70):
            master.look(now)
    assert master.account.back == {"eu": (2, 300)}
    assert master.supply.fleets["eu"].problem == "not scheduled"
    master.look(70)
    assert master.account.back == {"eu": (2, 370)}


def test_a_run_that_asks_for_fewer_is_told_who_keeps_the_others(master: Master) -> None:
    master.need(eu=5, run="20261121-100000")
    master.look(0)
    master.need(eu=3)
    assert master.look(1) == []
    kept = "5 machines are up: run 20261121-100000 has asked for them"
    assert master.supply == Supply(RUN, {"eu": FleetSupply(5, None, kept)})


def test_a_run_does_not_wait_for_what_the_one_before_has_missed(master: Master) -> None:
    master.account.gives = 3
    master.need(eu=5, run="20261121-100000")
    master.look(0)
    master.need_nothing()
    assert master.look(1) == [("eu", 3)]
    master.need(eu=4)
    assert master.look(2) == [("eu", 4)]


def test_answers_the_run_also_of_a_group_that_nobody_finds(master: Master) -> None:
    master.account.groups.clear()
    master.need(eu=4)
    master.look(0)
    missing = "it has no Auto Scaling group: deploy again"
    assert master.supply == Supply(RUN, {"eu": FleetSupply(None, missing, None)})


def test_a_run_gets_no_more_than_the_maximum_and_is_told(master: Master) -> None:
    """A deploy may have lowered it since the request."""
    master.tell({"eu": {**EU, "max": 3}})
    master.need(eu=4)
    assert master.look(0) == [("eu", 3)]
    assert master.supply.fleets["eu"].problem == "fleets.eu.max is 3 now"


def test_has_what_was_set_by_hand_for_idle(master: Master) -> None:
    master.look(0)
    master.scale(10, eu=4)
    told = [(now, *told) for now in range(10, 400) if (told := master.look(now))]
    assert told == [(10, ("eu", 4)), (310, ("eu", 2))]


def test_aws_takes_back_what_was_set_by_hand(master: Master) -> None:
    master.scale(0, eu=4)
    master.look(0)
    assert master.account.back == {"eu": (2, 300)}
    master.look(60)
    # Never so soon that a master that only starts again comes too late.
    assert master.account.back == {"eu": (2, 360)}
    master.look(300)
    assert master.account.back == {}


def test_asks_often_while_machines_are_missing_that_were_set_by_hand(master: Master) -> None:
    master.account.gives = 3
    master.scale(1, eu=4)
    for now in range(1, 13):
        master.look(now)
    assert master.account.asked == 3
    assert master.supply.fleets == {"eu": FleetSupply(3, "AWS has no capacity", None)}
    assert set(master.account.told_since) == {-4}


def test_what_a_run_has_left_goes_by_hand(master: Master) -> None:
    master.need(eu=4)
    master.look(0)
    master.need_nothing()
    # Somebody is quicker than the agent, which has not seen the end of the run.
    master.scale(9, eu=2)
    assert master.look(10) == [("eu", 2)]
    # Nor does it come back when that is over.
    assert not any(master.look(now) for now in range(11, 400))


def test_a_run_keeps_its_machines_whatever_was_set_before(master: Master) -> None:
    master.scale(0, eu=3)
    master.look(0)
    master.need(eu=5)
    assert master.look(1) == [("eu", 5)]
    master.look(100)
    master.need_nothing()
    told = [(now, *told) for now in range(101, 500) if (told := master.look(now))]
    # From 401 on, at the next look that is due.
    assert told == [(420, ("eu", 2))]


def test_a_run_that_asks_for_fewer_has_those_that_are_booting_by_hand(master: Master) -> None:
    master.account.gives = 0
    master.scale(0, eu=4)
    assert master.look(0) == [("eu", 4)]
    master.need(eu=3)
    assert master.look(1) == []


class Unreachable(Account):
    """A region that does not answer."""

    def find(self) -> Mapping[str, Group]:
        self.asked += 1
        raise ScalingError("Auto Scaling in us-west-2 told no groups: it is away")


def test_a_region_that_is_away_neither_hides_nor_delays_the_others(tmp_path: Path) -> None:
    home, away = Account(eu=2), Unreachable()
    regions: dict[str, Account] = {"us-east-1": home, "us-west-2": away}
    master = Master(tmp_path, home)
    master.scaling = Scaling(
        tmp_path / "current.json", tmp_path, tmp_path, lambda region: regions[region]
    )
    master.tell({"eu": EU, "west": {**EU, "region": "us-west-2"}})
    master.need(eu=4, west=4)
    home.gives = 3
    assert master.look(0) == [("eu", 4)]
    assert "us-west-2" in str(master.scaling.state["west"]["error"])
    for now in range(2, 40, 2):
        master.look(now)
    assert master.scaling.state["eu"] == state(4, started=3, problem="AWS has no capacity")
    # One is asked every 5 s while machines are missing, the other after 5, 10 and 20 s more.
    assert (home.asked, away.asked) == (8, 4)
    assert "us-west-2" in str(master.scaling.state["west"]["error"])

    regions["us-west-2"] = back = Account(west=0)
    master.scaling._groups["us-west-2"] = back
    master.look(80)
    assert back.set == [("west", 4)]
    assert master.scaling.state["west"]["error"] is None
