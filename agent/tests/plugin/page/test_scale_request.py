"""How many machines a fleet may be set to, and what is wrong with others."""

from dataclasses import replace

import pytest

from locust_cluster.common.fleet import Fleet
from locust_cluster.plugin.page.scale_request import parse_scale
from locust_cluster.runs.request_error import RequestError

FLEET = Fleet(region="us-east-1", size=2, max=5, idle=60)


@pytest.mark.parametrize("machines", [2, 5])
def test_takes_all_from_its_size_to_its_maximum(machines: int) -> None:
    assert parse_scale({"machines": machines}, "eu", FLEET) == machines


@pytest.mark.parametrize("machines", [0, 1, 6, 10**4000])
def test_names_the_settings_that_are_the_limits(machines: int) -> None:
    with pytest.raises(RequestError) as caught:
        parse_scale({"machines": machines}, "eu", FLEET)
    assert caught.value.field == "machines"
    sentence = "'machines' must be from 2 (fleets.eu.size) to 5 (fleets.eu.max), got "
    assert str(caught.value).startswith(f"{sentence}{machines}"[:100])
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("machines", [None, -1, 1.5, True, "3"])
def test_takes_whole_numbers_only(machines: object) -> None:
    with pytest.raises(
        RequestError, match=r"^'machines' must be a whole number of 0 or more, got "
    ):
        parse_scale({"machines": machines}, "eu", FLEET)


def test_refuses_what_it_does_not_know() -> None:
    with pytest.raises(RequestError, match=r"^'machine' is not known: did you mean 'machines'\?$"):
        parse_scale({"machines": 3, "machine": 4}, "eu", FLEET)


@pytest.mark.parametrize("body", [None, [], "3"])
def test_takes_objects_only(body: object) -> None:
    with pytest.raises(RequestError, match=r"^the body must be a JSON object$"):
        parse_scale(body, "eu", FLEET)


def test_a_fleet_that_keeps_nothing_cannot_be_set() -> None:
    with pytest.raises(RequestError, match=r": fleets\.eu\.idle is 0 .*deploy$"):
        parse_scale({"machines": 3}, "eu", replace(FLEET, idle=0))
