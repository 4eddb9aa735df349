"""A run has its machines from its request to `idle` after its end, and is told how they are."""

from pathlib import Path

import pytest
from scaling_master import EU, RUN, Account, Master, group

from locust_cluster.common.fleet_supply import FleetSupply, Supply

OLDER = "20261121-100000"


@pytest.fixture
def master(tmp_path: Path) -> Master:
    return Master(tmp_path, Account(eu=0))


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
    assert told == [(900, ("eu", 2))]


def test_a_run_has_its_machines_from_its_request_until_idle_after_its_end(master: Master) -> None:
    master.look(0)
    master.need(eu=4)
    assert master.look(1) == [("eu", 4)]
    assert not any(master.look(now) for now in range(2, 600))
    master.need_nothing()
    told = [(now, *told) for now in range(600, 1000) if (told := master.look(now))]
    assert told == [(900, ("eu", 2))]


def test_a_run_that_asks_for_nothing_keeps_what_is_there(master: Master) -> None:
    """From its request on, when no test has begun."""
    master.tell({"eu": {**EU, "size": 0}})
    master.need(eu=4, run=OLDER)
    master.look(0)
    master.need_nothing()
    master.look(10)
    master.need(at=300)
    assert master.look_at(300, 320, 600) == []
    assert master.supply == Supply(RUN, {"eu": FleetSupply(4, None, None)})
    master.need_nothing()
    assert master.look_at(610, 849, 910) == [(910, "eu", 0)]


def test_a_run_keeps_the_fleets_that_it_does_not_ask(tmp_path: Path) -> None:
    none = {**EU, "size": 0}
    master = Master(tmp_path, Account(eu=0, us=0))
    master.tell({"eu": none, "us": none})
    master.need(eu=4, run=OLDER)
    master.look(0)
    master.need_nothing()
    master.look(10)
    master.need(us=3, at=300)
    assert master.look_at(300, 311, 400) == [(300, "us", 3)]
    master.need_nothing()
    assert master.look_at(500, 801) == [(801, "eu", 0), (801, "us", 0)]


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
    master.account.change("eu", started=4, in_service=4)
    for now in range(15, 76):
        master.look(now)
    assert master.account.asked == 5
    assert master.supply == Supply(RUN, {"eu": FleetSupply(4, None, None)})


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


def test_nor_does_one_that_follows_at_once(master: Master) -> None:
    master.account.gives = 3
    master.need(eu=5, run=OLDER)
    master.look(0)
    master.need(eu=1, at=2)
    assert master.look(2) == [("eu", 3)]
    assert master.supply == Supply(
        RUN, {"eu": FleetSupply(3, None, f"3 machines are up: run {OLDER} has asked for them")}
    )


def test_a_run_that_begins_with_fewer_asks_no_more(master: Master) -> None:
    master.account.gives = 3
    master.need(eu=5)
    master.look(0)
    master.need(eu=3)
    master.test(True)
    assert master.look(300) == [("eu", 3)]
    asked = master.account.asked
    master.account.gives = 99
    assert master.look_at(*range(301, 421)) == []
    assert master.account.asked == asked + 2
    # What it loses is replaced, and not asked for more often.
    master.account.change("eu", started=2, in_service=2)
    assert master.look_at(*range(421, 601)) == []
    assert master.account.groups["eu"].capacity == 3
    assert master.account.asked == asked + 5


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
    assert master.supply.fleets["eu"].problem == ("fleets.eu.max is 3 now: ask for at most 3")
