"""What a run asks fleets for."""

import pytest
from run_states import bring, make_run

from locust_cluster.common.documents.api import RunFleet
from locust_cluster.common.fleet import Fleet
from locust_cluster.common.run_needs import RunNeeds
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.request_error import RequestError
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_fleets import (
    check_fleets,
    joined_machines,
    needs_of,
    why_more_than_asked,
)

FLEETS = {
    name: Fleet(region="eu-central-1", size=0, max=most, idle=60)
    for name, most in (("europe", 20), ("us", 1))
}


@pytest.mark.parametrize("asked", [{}, {"europe": 0}, {"europe": 20, "us": 1}])
def test_takes_up_to_the_maximum(asked: dict[str, int]) -> None:
    check_fleets(asked, FLEETS)


@pytest.mark.parametrize(
    ("asked", "field", "message"),
    [
        (
            {"europe": 20, "us": 2},
            "fleets.us",
            "'fleets.us' must be at most 1 (fleets.us.max in cluster.yaml), got 2",
        ),
        ({"europ": 1}, "fleets.europ", "the cluster has no fleet 'europ': did you mean europe?"),
        ({"asia": 0}, "fleets.asia", "the cluster has no fleet 'asia': it has europe, us"),
        ({"": 0}, "fleets.", "the cluster has no fleet '': it has europe, us"),
        (
            {"x" * 500: 0},
            f"fleets.{'x' * 119}…",
            f"the cluster has no fleet '{'x' * 119}…': it has europe, us",
        ),
    ],
)
def test_refuses_what_the_cluster_does_not_have(
    asked: dict[str, int], field: str, message: str
) -> None:
    with pytest.raises(RequestError) as refused:
        check_fleets(asked, FLEETS)
    assert (str(refused.value), refused.value.field) == (message, field)


def test_refuses_fleets_where_there_are_none() -> None:
    with pytest.raises(RequestError, match=r"^the cluster has no fleet 'eu': it has none$"):
        check_fleets({"eu": 1}, {})


def test_needs_its_machines_until_the_end_of_its_plan() -> None:
    asked = {"eu": 10}
    request = RunRequest(fleets=asked, run_time=300, wait_timeout=120)
    run = make_run(request, created=1000, name="20261121-110432")
    bring(run, "scaling", 1000)
    assert needs_of(run) == RunNeeds("20261121-110432", 1000, asked, 1420)
    run.times.started = 1050
    assert needs_of(run) == RunNeeds("20261121-110432", 1000, asked, 1350)


def test_a_run_without_a_run_time_needs_them_without_an_end() -> None:
    run = make_run(RunRequest(fleets={"eu": 1}))
    bring(run, "scaling", 0)
    needs = needs_of(run)
    assert needs
    assert needs.ends is None


def test_a_run_that_asks_for_nothing_needs_what_is_there() -> None:
    assert needs_of(None) is None
    run = make_run(RunRequest(run_time=60, wait_timeout=30), created=1000)
    bring(run, "waiting", 1000)
    assert needs_of(run) == RunNeeds(run.id, 1000, {}, 1090)


def asked(run: Run) -> int:
    needs = needs_of(run)
    assert needs
    return needs.machines["eu"]


@pytest.mark.parametrize(
    ("started", "joined", "needed"), [(7, 6, 7), (12, 12, 10), (None, 8, 8), (10, 9, 10)]
)
def test_a_run_that_has_begun_needs_no_more_than_there_were(
    started: int | None, joined: int, needed: int
) -> None:
    run = make_run(RunRequest(fleets={"eu": 10}))
    bring(run, "scaling", 0)
    run.workers.fleets["eu"] = RunFleet(
        asked=10, started=started, joined=joined, problem=None, kept=None
    )
    assert asked(run) == 10
    run.apply("workers_ready", 1)
    assert asked(run) == needed
    run.apply("test_started", 2)
    assert asked(run) == needed


def test_says_who_keeps_more_machines() -> None:
    eu = {"asked": 1, "started": 1, "joined": 1, "problem": None, "kept": None}
    assert why_more_than_asked({"eu": eu}) is None  # type: ignore[dict-item]
    us = {**eu, "kept": "2 machines are up: fleets.us.size is 2"}
    assert why_more_than_asked({"eu": eu, "us": us}) == (  # type: ignore[dict-item]
        "fleet us: 2 machines are up: fleets.us.size is 2"
    )


@pytest.mark.parametrize(
    ("expected", "states", "has_joined"),
    [(0, [], False), (0, ["starting"], False), (2, ["ready"], False), (1, ["ready"], True)],
)
def test_a_machine_has_joined_when_all_its_processes_have(
    expected: int, states: list[str], has_joined: bool
) -> None:
    processes = [{"state": state} for state in states]
    node = {"fleet": "eu", "processes": processes, "expected_processes": expected}
    assert joined_machines([node]) == ({"eu": 1} if has_joined else {})
