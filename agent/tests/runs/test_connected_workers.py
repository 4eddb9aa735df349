"""What a run that waits hears of the workers, by itself."""

import pytest
from awaited_fleets import Fleets, look, machine
from run_states import make_run

from locust_cluster.common.fleet_supply import FleetSupply, Supply
from locust_cluster.common.manifest import Manifest
from locust_cluster.common.settings import ConfigurationError
from locust_cluster.runs.connected_workers import Awaited, ConnectedWorkers
from locust_cluster.runs.request import RunRequest

NAME = make_run().id


def gives(started: int | None, problem: str | None = None, run: str = NAME) -> Supply:
    return Supply(run, {"eu": FleetSupply(started, problem, None)})


def test_a_manifest_that_cannot_be_read_for_a_moment_is_waited_for() -> None:
    """A push to a local cluster puts another folder in the place of its release."""

    def unreadable() -> Manifest:
        raise ConfigurationError("cannot read current.json: No such file or directory")

    workers = ConnectedWorkers(list, lambda: 0, unreadable, lambda: False, Supply)
    sentence = "cannot read current.json: No such file or directory"
    assert workers.look(make_run()) == Awaited(None, sentence)
    with pytest.raises(ConfigurationError, match=f"^{sentence}$"):
        workers.complete(RunRequest(fleets={"eu": 1}))
    with pytest.raises(ConfigurationError, match=f"^{sentence}$"):
        workers.complete(RunRequest(shares={"eu": "100%"}))
    assert workers.complete(RunRequest()) == RunRequest()
    assert workers.shares() == {}


def test_waits_for_the_machines_that_it_has_asked_for_and_for_the_size_of_other_fleets() -> None:
    us = machine("us")
    awaited, workers = look(Fleets(us, answer=gives(2)), fleets={"eu": 2})
    missing = "fleet eu: 0 of 2 machines joined"
    assert awaited == Awaited(missing, None, usable=1)
    assert (workers.connected, workers.expected) == (1, 1)
    eu = machine("eu", processes=4)
    awaited, workers = look(Fleets(eu, eu, answer=gives(2)), fleets={"eu": 2})
    assert awaited == Awaited(None, "fleet us: 0 of 1 machines joined", usable=8)
    awaited, workers = look(Fleets(us, eu, eu, answer=gives(2)), fleets={"eu": 2})
    assert awaited == Awaited(None, None, usable=9)
    assert (workers.connected, workers.expected) == (9, 9)
    no_us = Supply(NAME, {"eu": FleetSupply(2), "us": FleetSupply(0, "AWS has no capacity")})
    awaited, _ = look(Fleets(eu, eu, answer=no_us), fleets={"eu": 2})
    assert awaited.missing == "fleet us: 0 of 1 machines joined: AWS has no capacity"
    # It may do without a fleet that has a size.
    awaited, _ = look(Fleets(eu, answer=gives(1)), fleets={"eu": 1, "us": 0}, expect_workers=4)
    assert awaited.missing is None


def test_a_number_of_processes_counts_beside_the_machines_asked_for() -> None:
    eu = machine("eu")
    cluster = Fleets(eu, eu, answer=gives(2))
    assert look(cluster, fleets={"eu": 2}, expect_workers=2)[0].missing is None
    assert look(cluster, fleets={"eu": 2}, expect_workers=3)[0] == Awaited(
        None, "2 of 3 worker processes are connected", usable=2
    )


def test_notes_what_aws_says_of_each_fleet() -> None:
    cluster = Fleets(machine("us"), machine("eu"), answer=gives(3, "AWS has no capacity"))
    awaited, workers = look(cluster, fleets={"eu": 4})
    assert awaited.machines == "fleet eu: 1 of 4 machines joined: AWS has no capacity"
    assert workers.fleets == {
        "eu": {
            **{"asked": 4, "started": 3, "joined": 1},
            **{"problem": "AWS has no capacity", "kept": None},
        }
    }


@pytest.mark.parametrize("answer", [Supply(), gives(1, run="20261121-100000"), gives(None)])
def test_machines_that_are_there_count_when_the_service_has_answered_this_run(
    answer: Supply,
) -> None:
    """Until then they may be about to leave, since the run before needs them no more."""
    awaited, workers = look(Fleets(machine("us"), machine("eu"), answer=answer), fleets={"eu": 1})
    assert awaited.machines == (
        "fleet eu: 1 of 1 machines joined: the master's agent has not asked AWS yet "
        "(see 'locust-cluster status' if it lasts)"
    )
    assert workers.fleets["eu"]["started"] is None


def test_machines_that_have_joined_count_while_aws_is_throttled() -> None:
    """It has answered this run before: none of them is about to leave."""
    cluster = Fleets(machine("us"), machine("eu"), machine("eu"), answer=gives(1))
    run = make_run(RunRequest(fleets={"eu": 2}))
    assert cluster.workers.look(run).missing == "fleet eu: 1 of 2 machines joined"
    cluster.answer = gives(None, "Throttling")
    assert cluster.workers.look(run).missing is None
    del cluster.nodes[2:]
    assert cluster.workers.look(run).missing == "fleet eu: 1 of 2 machines joined: Throttling"


def test_a_fleet_that_a_deploy_has_removed_is_not_awaited() -> None:
    cluster = Fleets(machine("us"))
    awaited, _ = look(cluster, fleets={"eu": 1, "asia": 2})
    sentence = "the cluster has no fleet 'asia' any more: deploy it again, or run without it"
    assert awaited == Awaited(sentence, None, is_hopeless=True)
    assert not look(cluster, fleets={"eu": 1, "asia": 0})[0].is_hopeless


def test_says_all_that_keeps_it_from_beginning() -> None:
    """With enough processes it does not begin with fewer, and why not must be seen."""
    other = machine("us", bundle="other" * 4)
    awaited, _ = look(Fleets(other, machine("eu"), answer=gives(1)), fleets={"eu": 2})
    assert (awaited.missing, awaited.usable) == (
        "fleet eu: 1 of 2 machines joined; not all run the same test: the master runs b, "
        "us-1 runs otheroth",
        0,
    )


def test_machines_that_are_about_to_leave_do_not_count() -> None:
    cluster = Fleets(machine("us"), machine("eu"), machine("eu"), answer=gives(1))
    assert look(cluster, fleets={"eu": 2})[0].machines == "fleet eu: 1 of 2 machines joined"


def test_begins_with_no_process_of_another_test_nor_before_a_change() -> None:
    other = Fleets(machine("us"), machine("eu", bundle="other"), answer=gives(1))
    assert look(other, fleets={"eu": 1})[0].usable == 0
    changing = Fleets(machine("us"), machine("eu"), answer=gives(1), updating=True)
    assert look(changing, fleets={"eu": 1})[0] == Awaited(
        None, "the master is changing to another test"
    )
