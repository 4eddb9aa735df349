"""The fleets that have a share of a run's users: whether they can have one, and which are missing.

Pure.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from locust_cluster.common.constants import FIXED_WORKERS
from locust_cluster.common.manifest import Manifest
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.request_error import RequestError, shown
from locust_cluster.runs.run_fleets import no_fleet, present


def check_shares(
    request: RunRequest, manifest: Manifest, nodes: Iterable[Mapping[str, Any]]
) -> None:
    """Raise RequestError for a fleet that the cluster does not have, or that can have no machine.

    `request` has the shares of the cluster where it names none.
    """
    known, there = [*manifest.fleets, FIXED_WORKERS], _processes_by_fleet(nodes)
    for name, share in (request.shares or {}).items():
        if name not in known:
            raise RequestError(no_fleet(name, known), f"shares.{shown(name)}")
        if (why := _why_never(name, request, manifest)) and not there.get(name):
            raise RequestError(f"'shares.{name}' is {share}, but {why}", f"shares.{name}")


def missing_shares(shares: Mapping[str, str], nodes: Iterable[Mapping[str, Any]]) -> str | None:
    """Fleets that have a share and no process yet; None when there is none."""
    there = _processes_by_fleet(nodes)
    missing = [
        f"no process of {title(name)} is connected, which has {share} of the users"
        for name, share in shares.items()
        if not there.get(name)
    ]
    return "; ".join(missing) or None


def _processes_by_fleet(nodes: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Those that a run can count on, by the names that shares have."""
    processes: dict[str, int] = {}
    for node in nodes:
        if node["role"] == "worker":
            name = node["fleet"] or FIXED_WORKERS
            processes[name] = processes.get(name, 0) + present(node)
    return processes


def title(name: str) -> str:
    """Of a fleet or of what is none, in a sentence."""
    return FIXED_WORKERS if name == FIXED_WORKERS else f"fleet {name}"


def _why_never(name: str, request: RunRequest, manifest: Manifest) -> str | None:
    """Why a fleet has no machine when none is there now."""
    if name == FIXED_WORKERS:
        return "the cluster has no worker machines" if manifest.expected_workers == 0 else None
    size = manifest.fleets[name].size
    if size or request.fleets.get(name):
        return None
    return f"fleet {name} has no machines: its size is 0, and the run asks for none of it"
