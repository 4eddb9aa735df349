"""Two versions of current.json: whether they differ in what restarts, and one told by the other."""

import hashlib
import json
from typing import Any

from locust_cluster.common.manifest import parse_manifest
from locust_cluster.common.settings import ConfigurationError

TOLD = ("expected", "fleets", "shares")
"""Keys that the master reads anew for every run."""


def digest_of_what_runs(content: bytes, fleet: str) -> str:
    """The same for two versions of current.json whose difference restarts nothing on a machine.

    That are the number of machines expected, the fleets and the shares, which the master reads anew
    for every run, but for the variables of the machine's own fleet.
    """
    try:
        document = json.loads(content)
        variables = parse_manifest(content).variables_of(fleet)
    except (ValueError, RecursionError, ConfigurationError):
        return hashlib.sha256(content).hexdigest()
    what_runs = {**_without(document, *TOLD, "environment"), "variables": variables}
    return hashlib.sha256(json.dumps(what_runs, sort_keys=True).encode()).hexdigest()


def with_expected(running: bytes, wanted: bytes) -> bytes:
    """The version of current.json that runs, with the machines and shares of another one.

    Raises ConfigurationError when that other one is not understood.
    """
    parse_manifest(wanted)
    try:
        document = json.loads(running)
    except (ValueError, RecursionError):
        return running
    if not isinstance(document, dict):
        return running
    other = json.loads(wanted)
    told = {name: other[name] for name in TOLD if name in other}
    if "fleets" in told:
        own = document.get("fleets", {})
        told["fleets"] = {
            name: _with_environment(fleet, own.get(name)) for name, fleet in told["fleets"].items()
        }
    renewed = {**_without(document, *TOLD), **told}
    return running if renewed == document else json.dumps(renewed).encode()


def _with_environment(fleet: dict[str, Any], running: dict[str, Any] | None) -> dict[str, Any]:
    """A fleet with the variables of its running machines, which are a part of what runs."""
    variables = (running or {}).get("environment")
    return {**_without(fleet, "environment"), **({"environment": variables} if variables else {})}


def _without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}
