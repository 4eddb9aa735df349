"""What a machine does with another version of current.json: restart, or only be told."""

import json
from typing import Any

import pytest
from published import bundle, manifest

from locust_cluster.service.manifest_versions import digest_of_what_runs, with_expected

PLAIN = {"region": "us-east-1", "size": 0, "max": 3, "idle": 600, "spot": True}
EU = {**PLAIN, "environment": {"SHOP": "eu", "TAX": "21"}}

BEFORE: dict[str, Any] = {
    **json.loads(manifest(bundle(1))),
    "environment": {"SHOP": "de"},
    "fleets": {"eu": EU},
}


@pytest.mark.parametrize(
    ("change", "restarted"),
    [
        ({"expected": {"workers": 9}}, []),
        ({"fleets": {"eu": {**EU, "size": 2, "max": 9, "idle": 5, "spot": False}}}, []),
        ({"fleets": {"eu": EU, "us": {**EU, "environment": {"SHOP": "us"}}}}, []),
        ({"fleets": {"eu": EU}, "shares": {"eu": "100%"}}, []),
        ({"fleets": {"eu": {**EU, "environment": {"SHOP": "fr"}}}}, ["eu"]),
        ({"environment": {"SHOP": "com"}}, [""]),
        ({"environment": {"SHOP": "de", "NEW": "1"}}, ["eu", ""]),
        ({"login": "custom"}, ["eu", ""]),
    ],
)
def test_a_machine_restarts_for_its_own_variables_and_for_no_size(
    change: dict[str, Any], restarted: list[str]
) -> None:
    old, new = (json.dumps(each).encode() for each in (BEFORE, {**BEFORE, **change}))
    differing = [
        fleet
        for fleet in ("eu", "")
        if digest_of_what_runs(old, fleet) != digest_of_what_runs(new, fleet)
    ]
    assert differing == restarted


US = {**EU, "size": 1, "environment": {"SHOP": "us"}}


@pytest.mark.parametrize(
    ("wanted", "renewed"),
    [
        ({"expected": {"workers": 9}}, {"expected": {"workers": 9}}),
        (
            {"fleets": {"eu": {**EU, "size": 2, "environment": {"SHOP": "fr"}}}},
            {"fleets": {"eu": {**EU, "size": 2}}},
        ),
        (
            {"fleets": {"eu": EU, "us": US}},
            {"fleets": {"eu": EU, "us": {**PLAIN, "size": 1}}},
        ),
        ({"shares": {"eu": "60%", "workers": "40%"}}, {"shares": {"eu": "60%", "workers": "40%"}}),
        ({"bundle": "1" * 20, "environment": {"SHOP": "com"}}, {}),
    ],
)
def test_sizes_are_renewed_without_what_else_is_wanted(
    wanted: dict[str, Any], renewed: dict[str, Any]
) -> None:
    running, other = (json.dumps(each).encode() for each in (BEFORE, {**BEFORE, **wanted}))
    found = with_expected(running, other)
    assert json.loads(found) == {**BEFORE, **renewed}
    assert with_expected(found, other) == found
    for fleet in ("eu", ""):
        assert digest_of_what_runs(found, fleet) == digest_of_what_runs(running, fleet)


def test_a_cluster_that_has_no_fleets_any_more_is_told_of_none() -> None:
    without = {name: value for name, value in BEFORE.items() if name != "fleets"}
    running, other = (json.dumps(each).encode() for each in (BEFORE, without))
    assert json.loads(with_expected(running, other)) == without
