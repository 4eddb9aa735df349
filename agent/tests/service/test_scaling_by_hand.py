"""A fleet that somebody has set by hand has its machines for `idle`."""

from pathlib import Path

import pytest
from scaling_master import EU, RUN, Account, Master

from locust_cluster.common.fleet_supply import FleetSupply, Supply


@pytest.fixture
def master(tmp_path: Path) -> Master:
    return Master(tmp_path, Account(eu=0))


def test_has_what_was_set_by_hand_for_idle(master: Master) -> None:
    master.look(0)
    master.scale(10, eu=4)
    told = [(now, *told) for now in range(10, 400) if (told := master.look(now))]
    assert told == [(10, ("eu", 4)), (310, ("eu", 2))]


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


def test_what_a_run_has_left_goes_by_hand_however_late_its_end_is_noticed(master: Master) -> None:
    master.tell({"eu": {**EU, "size": 0}})
    master.need(eu=4)
    master.look(0)
    # It ends at 100; the service is busy with AWS.
    master.need_nothing()
    master.scale(101, eu=0)
    assert master.look_at(120, *range(121, 500)) == [(120, "eu", 0)]


def test_a_run_keeps_its_machines_whatever_was_set_before(master: Master) -> None:
    master.scale(0, eu=3)
    master.look(0)
    master.need(eu=5)
    assert master.look(1) == [("eu", 5)]
    master.look(100)
    master.need_nothing()
    told = [(now, *told) for now in range(101, 500) if (told := master.look(now))]
    assert told == [(401, ("eu", 2))]


def test_a_run_that_asks_for_fewer_has_those_that_are_booting_by_hand(master: Master) -> None:
    master.account.gives = 0
    master.scale(0, eu=4)
    assert master.look(0) == [("eu", 4)]
    master.need(eu=3)
    assert master.look(1) == []


def test_a_run_is_told_of_machines_that_were_set_by_hand(master: Master) -> None:
    """And not that a run before has asked for them, which asked for fewer."""
    master.need(eu=3, run="20261121-100000")
    master.look(0)
    master.need_nothing()
    master.look(10)
    master.scale(20, eu=5)
    master.look(20)
    master.need(eu=4, at=30)
    kept = "5 machines are up: somebody has set them by hand"
    for now in (30, 500):
        assert master.look(now) == []
        assert master.supply == Supply(RUN, {"eu": FleetSupply(5, None, kept)})
