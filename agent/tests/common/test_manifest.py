"""A current.json that is damaged or of somebody else is told in a sentence."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from cluster import AGENT

from locust_cluster.common.fleet import Fleet
from locust_cluster.common.manifest import digest_of_what_runs, parse_manifest, with_expected
from locust_cluster.common.settings import ConfigurationError

SCHEMA = json.loads((AGENT.parent / "protocol" / "manifest.schema.json").read_text())

GOOD: dict[str, Any] = {
    "schema": 1,
    "bundle": "0" * 20,
    "environments": {"x86_64": "f" * 20},
    "python": "3.13",
    "locust": {
        "version": "2.47.0",
        "locustfile": "a.py,b.py",
        "host": "https://shop.example",
        "args": ["--tags", "buy"],
    },
    "login": "none",
    "https": False,
    "results": "s3://team/locust/",
    "host_names": ["Load.example.com"],
    "expected": {"workers": 3},
    "environment": {"SHOP": "de"},
    "fleets": {"eu": {"region": "us-east-1", "size": 0, "max": 3, "idle": 600, "spot": True}},
}


def test_understands_what_a_deploy_writes() -> None:
    jsonschema.validate(GOOD, SCHEMA)
    manifest = parse_manifest(json.dumps(GOOD).encode())
    assert manifest.locustfiles == ("a.py", "b.py")
    assert (manifest.host, manifest.args) == ("https://shop.example", ("--tags", "buy"))
    assert manifest.results_store == "s3://team/locust/"
    assert manifest.host_names == frozenset({"load.example.com"})
    assert manifest.variables == {"SHOP": "de"}
    assert manifest.expected_workers == 3
    assert manifest.fleets == {"eu": Fleet("us-east-1", 0, 3, 600, spot=True)}


def test_understands_the_manifest_of_an_older_deploy() -> None:
    older = {name: value for name, value in GOOD.items() if name != "expected"}
    assert parse_manifest(json.dumps(older).encode()).expected_workers is None


EU = {**GOOD["fleets"]["eu"], "environment": {"SHOP": "eu", "TAX": "21"}}


def test_a_fleet_adds_variables_to_those_of_all_machines() -> None:
    manifest = parse_manifest(json.dumps({**GOOD, "fleets": {"eu": EU}}).encode())
    assert manifest.variables_of("eu") == {"SHOP": "eu", "TAX": "21"}
    assert manifest.variables_of("us") == manifest.variables_of("") == {"SHOP": "de"}


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
    before = {**GOOD, "fleets": {"eu": EU}}
    old, new = (json.dumps(each).encode() for each in (before, {**before, **change}))
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
            {"fleets": {"eu": EU, "us": {**GOOD["fleets"]["eu"], "size": 1}}},
        ),
        ({"shares": {"eu": "60%", "workers": "40%"}}, {"shares": {"eu": "60%", "workers": "40%"}}),
        ({"bundle": "1" * 20, "environment": {"SHOP": "com"}}, {}),
    ],
)
def test_sizes_are_renewed_without_what_else_is_wanted(
    wanted: dict[str, Any], renewed: dict[str, Any]
) -> None:
    before = {**GOOD, "fleets": {"eu": EU}}
    running, other = (json.dumps(each).encode() for each in (before, {**before, **wanted}))
    found = with_expected(running, other)
    assert json.loads(found) == {**before, **renewed}
    assert with_expected(found, other) == found
    for fleet in ("eu", ""):
        assert digest_of_what_runs(found, fleet) == digest_of_what_runs(running, fleet)


def test_a_cluster_that_has_no_fleets_any_more_is_told_of_none() -> None:
    without = {name: value for name, value in GOOD.items() if name != "fleets"}
    running, other = (json.dumps(each).encode() for each in (GOOD, without))
    assert json.loads(with_expected(running, other)) == without


def spoilt() -> Iterator[bytes]:
    for place, name in [
        (GOOD, "host_names"),
        (GOOD, "results"),
        (GOOD, "expected"),
        (GOOD, "environment"),
        (GOOD, "fleets"),
        (GOOD, "shares"),
        (GOOD["locust"], "locustfile"),
        (GOOD["locust"], "host"),
        (GOOD["locust"], "args"),
    ]:
        for value in (5, {"a": 1}, "\0", ["\0"], [None], True):
            changed = {**place, name: value}
            yield json.dumps(changed if place is GOOD else {**GOOD, "locust": changed}).encode()
    for size in (-1, 1.5, "1", True, None):
        fleets = {"eu": {**GOOD["fleets"]["eu"], "size": size}}
        yield json.dumps({**GOOD, "fleets": fleets}).encode()
    yield from (b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000)


@pytest.mark.parametrize("content", list(spoilt()), ids=lambda content: repr(content[-60:]))
def test_tells_that_it_is_not_understood(content: bytes) -> None:
    with pytest.raises(ConfigurationError, match=r"^current\.json is not understood: "):
        parse_manifest(content)
