"""What is said of machines that are asked for and do not come."""

from pathlib import Path

import pytest
from scaling_master import EU, Account, Master

from locust_cluster.common.fleet_supply import FleetSupply


@pytest.fixture
def master(tmp_path: Path) -> Master:
    return Master(tmp_path, Account(eu=2))


def test_instances_that_ec2_ends_again_and_again_are_missing(master: Master) -> None:
    master.need(eu=4)
    master.look(0)
    master.account.change("eu", in_service=2)
    for now in range(2, 12):
        master.look(now)
    assert master.supply.fleets == {"eu": FleetSupply(4, "AWS has no capacity", None)}
    assert master.account.asked == 3


def test_a_run_is_told_of_attempts_before_it_that_left_its_machines_missing(master: Master) -> None:
    master.account.gives = 2
    master.tell({"eu": {**EU, "size": 4}})
    master.look(0)
    master.need(eu=4, at=600)
    master.look(600)
    assert master.supply.fleets == {"eu": FleetSupply(2, "AWS has no capacity", None)}
    assert master.account.told_since == [-5]


def test_what_was_missing_before_a_fleet_was_complete_says_nothing(master: Master) -> None:
    master.look(0)
    master.look(61)
    master.account.change("eu", started=1, in_service=1)
    master.look(122)
    assert master.account.told_since == [61 - 5]


def test_a_group_that_starts_no_machines_is_said_to_be_suspended(master: Master) -> None:
    master.account.change("eu", suspended=("Launch", "Terminate"))
    master.look(0)
    assert master.supply.fleets["eu"].problem == (
        "Launch and Terminate of its Auto Scaling group are suspended: "
        "deploy again, which resumes them"
    )


def test_machines_beyond_the_capacity_are_about_to_end(master: Master) -> None:
    master.account.change("eu", started=4, in_service=4)
    master.need(eu=4)
    assert master.look(0) == [("eu", 4)]
    assert master.supply.fleets["eu"].started == 2
