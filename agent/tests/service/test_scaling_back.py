"""AWS itself takes a fleet back to its size when its master never comes back."""

from pathlib import Path

import pytest
from scaling_master import NOON, RUN, Account, Master, group, refusing

from locust_cluster.common.fleet_supply import FleetSupply, Supply


@pytest.fixture
def master(tmp_path: Path) -> Master:
    return Master(tmp_path, Account(eu=0))


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


def test_aws_takes_back_what_was_set_by_hand(master: Master) -> None:
    master.scale(0, eu=4)
    master.look(0)
    assert master.account.back == {"eu": (2, 300)}
    master.look(60)
    # Never so soon that a master that only starts again comes too late.
    assert master.account.back == {"eu": (2, 360)}
    master.look(300)
    assert master.account.back == {}


def test_a_capacity_is_not_set_without_a_way_back(master: Master) -> None:
    master.look(0)
    master.need(eu=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(master.account, "shrink_at", refusing("not scheduled"))
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
    master.need(eu=4)
    master.look(0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(master.account, "shrink_at", refusing("not scheduled"))
        for now in range(5, 70):
            master.look(now)
    assert master.account.back == {"eu": (2, 300)}
    assert master.supply.fleets["eu"].problem == "not scheduled"
    master.look(70)
    assert master.account.back == {"eu": (2, 370)}
