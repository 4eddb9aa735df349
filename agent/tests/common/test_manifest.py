"""A current.json that is damaged or of somebody else is told in a sentence."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from cluster import AGENT

from locust_cluster.common.fleet import Fleet
from locust_cluster.common.manifest import parse_manifest
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
