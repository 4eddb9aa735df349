"""Which shares a run may have, and what it waits for because of them."""

from typing import Any

import pytest
from awaited_fleets import Fleets, look, machine, manifest_of_fleets

from locust_cluster.runs.absent_fleets import AbsentFleets
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.request_error import RequestError
from locust_cluster.runs.run_shares import check_shares


@pytest.mark.parametrize(
    ("request_", "workers"),
    [
        ({"shares": {"us": "100%"}}, 0),
        ({"shares": {"eu": "60%", "us": "40%"}, "fleets": {"eu": 1}}, 0),
        ({"shares": {"workers": "100%"}}, 1),
        # The manifest of an older deploy does not say how many there are.
        ({"shares": {"workers": "100%"}}, None),
        ({"shares": {"us": "100%"}, "fleets": {"us": 0}}, 0),
        ({"shares": {}}, 0),
    ],
)
def test_fleets_that_have_or_get_machines_may_have_a_share(
    request_: dict[str, Any], workers: int | None
) -> None:
    check_shares(RunRequest(**request_), manifest_of_fleets(workers), [])


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"shares": {"eu-1": "100%"}}, "the cluster has no fleet 'eu-1': did you mean eu?"),
        ({"shares": {"asia": "100%"}}, "the cluster has no fleet 'asia': it has eu, us, workers"),
        (
            {"shares": {"eu": "60%", "us": "40%"}},
            "'shares.eu' is 60%, but fleet eu has no machines: its size is 0, and the run asks for "
            "none of it",
        ),
        (
            {"shares": {"eu": "100%"}, "fleets": {"eu": 0}},
            "'shares.eu' is 100%, but fleet eu has no machines: its size is 0, and the run asks "
            "for none of it",
        ),
        (
            {"shares": {"workers": "100%"}},
            "'shares.workers' is 100%, but the cluster has no worker machines",
        ),
    ],
)
def test_refuses_a_share_of_a_fleet_that_can_have_no_machine(
    request_: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RequestError) as refused:
        check_shares(RunRequest(**request_), manifest_of_fleets(), [machine("us")])
    name = next(iter(request_["shares"]))
    assert (str(refused.value), refused.value.field) == (sentence, f"shares.{name}")


def test_machines_that_are_there_anyhow_may_have_a_share() -> None:
    """Scaled by hand, or kept from the run before."""
    shares = {"eu": "60%", "workers": "40%"}
    check_shares(RunRequest(shares=shares), manifest_of_fleets(), [machine("eu"), machine("")])


def test_a_run_that_names_no_shares_has_those_of_the_cluster() -> None:
    fleets = Fleets(machine("us"))
    fleets.shares = {"us": "100%"}
    assert fleets.workers.complete(RunRequest()).shares == {"us": "100%"}
    assert fleets.workers.complete(RunRequest(shares={})).shares == {}
    assert fleets.workers.shares() == {"us": "100%"}
    fleets.shares = {"eu": "100%"}
    with pytest.raises(RequestError, match=r"^'shares\.eu' is 100%, but fleet eu has no machines"):
        fleets.workers.complete(RunRequest())
    both = fleets.workers.complete(RunRequest(fleets={"eu": 1}))
    assert (both.shares, both.fleets) == ({"eu": "100%"}, {"eu": 1})


def test_waits_for_a_process_of_each_fleet_that_has_a_share() -> None:
    shares = {"eu": "60%", "us": "40%"}
    eu, us = machine("eu"), machine("us")
    awaited, _ = look(Fleets(us, us), shares=shares, expect_workers=2)
    assert awaited.missing == "no process of fleet eu is connected, which has 60% of the users"
    assert awaited.usable == 2
    awaited, _ = look(Fleets(machine(""), eu), shares=shares, expect_workers=2)
    assert awaited.missing == "no process of fleet us is connected, which has 40% of the users"
    assert look(Fleets(us, eu), shares=shares, expect_workers=2)[0].missing is None
    awaited, _ = look(Fleets(us, eu), shares={"workers": "100%"}, expect_workers=2)
    assert awaited.missing == "no process of workers is connected, which has 100% of the users"


def test_says_from_when_to_when_a_fleet_had_no_process() -> None:
    absent = AbsentFleets()
    assert absent.note([], 0) is None
    assert absent.note(["eu"], 12) == "no process of fleet eu from 12s on: the others had its users"
    assert absent.note(["eu"], 13) == "no process of fleet eu from 12s on: the others had its users"
    assert absent.note([], 40.4) == (
        "no process of fleet eu from 12s to 40s: the others had its users"
    )
    assert absent.note(["eu", "workers"], 90) == (
        "no process of fleet eu from 12s to 40s and from 1m30s on; workers from 1m30s on: "
        "the others had its users"
    )
    for second in range(100, 120, 2):
        absent.note([], second)
        said = absent.note(["eu"], second + 1)
    assert said == (
        "no process of fleet eu from 1m55s to 1m56s and from 1m57s to 1m58s and from 1m59s on; "
        "workers from 1m30s to 1m40s: the others had its users"
    )
