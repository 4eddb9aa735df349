"""Fleets are kept at their sizes: when Auto Scaling is asked, what it is told, what it refuses."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from published import bundle, manifest

from locust_cluster.common.process_status import write_process_status
from locust_cluster.service.groups import Group, Groups, ScalingError
from locust_cluster.service.scaling import Scaling

EU = {"region": "us-east-1", "size": 2, "max": 5, "idle": 300, "spot": True}

NOON = 1_800_000_000.0


def group(fleet: str, capacity: int) -> Group:
    return Group(f"shop-{fleet}", capacity, most=5, shrinks=False)


class Account:
    """Auto Scaling in one region, with the groups of a cluster."""

    def __init__(self, **capacities: int) -> None:
        self.groups = {name: group(name, n) for name, n in capacities.items()}
        self.refusal: str | None = None
        self.asked = 0
        self.set: list[tuple[str, int]] = []
        self.back: dict[str, tuple[int, float]] = {}
        """What is scheduled, with its time in seconds since noon."""

    def find(self) -> Mapping[str, Group]:
        self.asked += 1
        return self.groups

    def set_capacity(self, group: Group, capacity: int) -> None:
        if self.refusal:
            raise ScalingError(self.refusal)
        fleet = group.name.removeprefix("shop-")
        self.set.append((fleet, capacity))
        self.groups[fleet] = replace(self.groups[fleet], capacity=capacity)

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
    assert master.scaling.state == {"eu": {"capacity": 2, "error": None}}
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
    assert master.scaling.state == {"eu": {"capacity": 0, "error": None}}


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
    assert master.scaling.state == {"eu": {"capacity": 0, "error": "AWS does not want to"}}
    master.account.refusal = None
    assert [now for now in range(100, 200) if master.look(now)] == [135]
    assert capsys.readouterr().err == "agent: fleet eu: capacity 0 set to 2\n"
    assert master.scaling.state == {"eu": {"capacity": 2, "error": None}}


def test_a_refused_fleet_does_not_keep_another(master: Master) -> None:
    master.tell({"eu": EU, "us": EU})
    assert master.look(0) == [("eu", 2)]
    assert master.scaling.state["us"] == {
        "capacity": None,
        "error": "it has no Auto Scaling group: deploy again",
    }


def test_says_which_cluster_it_cannot_tell(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> Groups:
        raise ScalingError("no tag here")

    monkeypatch.setattr(master, "open", refuse)
    master.start()
    assert master.look(0) == []
    assert master.scaling.state == {"eu": {"capacity": None, "error": "no tag here"}}


def test_a_damaged_manifest_changes_no_fleet(master: Master) -> None:
    master.look(0)
    (master.folder / "current.json").write_text("{")
    assert master.look(60) == []
    assert master.scaling.state == {"eu": {"capacity": 2, "error": None}}
