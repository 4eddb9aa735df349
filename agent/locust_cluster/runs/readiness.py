"""May a run start? Only when all worker processes are there and run what the master runs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NAMED = 3
"""So many machines are named in a sentence."""


@dataclass(frozen=True)
class Readiness:
    """How far the workers are; `missing` is None when a run may start."""

    connected: int
    expected: int
    missing: str | None


def readiness(
    nodes: Sequence[Mapping[str, Any]],
    bundle: str,
    connected: int,
    expect_workers: int | None,
    machines: int | None = None,
) -> Readiness:
    """Look at the machines as GET /cluster/nodes shows them.

    `connected` is what Locust itself counts: a worker is counted some seconds before it says who it
    is. Without `expect_workers` all processes of the `machines` that belong to the cluster are
    expected, each saying how many it has; where nobody tells their number, those of all machines
    that the master knows.
    """
    workers = [node for node in nodes if node["role"] == "worker"]
    awaited = workers if machines is None else _awaited(workers, machines)
    known = sum(_present(node) for node in workers)
    expected = expect_workers or max(1, sum(node["expected_processes"] for node in awaited))
    missing = _other_test(workers, bundle)
    if missing is None and expect_workers is None and len(awaited) < (machines or 0):
        there = sum(node["state"] != "missing" for node in awaited)
        missing = f"{there} of {machines} worker machines are connected" + _incomplete(awaited)
    if missing is None and min(connected, known) < expected:
        missing = f"{min(connected, known)} of {expected} worker processes are connected"
        missing += _incomplete(awaited)
    return Readiness(connected, expected, missing)


def _awaited(workers: Sequence[Mapping[str, Any]], machines: int) -> Sequence[Mapping[str, Any]]:
    """Those that are there, and as many of the gone as still belong to the cluster.

    The rest of the gone are what a smaller `workers.count` has removed.
    """
    there = [node for node in workers if node["state"] != "missing"]
    gone = [node for node in workers if node["state"] == "missing"]
    return there + gone[: max(0, machines - len(there))]


def _other_test(workers: Sequence[Mapping[str, Any]], bundle: str) -> str | None:
    others = [node for node in workers if _present(node) and node["bundle"] != bundle]
    if not others:
        return None
    named = [f"{node['name']} runs {_short(node['bundle'])}" for node in others[:NAMED]]
    more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
    return f"not all run the same test: the master runs {_short(bundle)}, " + (
        ", ".join(named) + more
    )


def _incomplete(awaited: Sequence[Mapping[str, Any]]) -> str:
    few = [
        f"{node['name']} has {_present(node)} of {node['expected_processes']}"
        for node in awaited
        if _present(node) < node["expected_processes"]
    ]
    return f" ({', '.join(few[:NAMED])})" if few else ""


def _present(node: Mapping[str, Any]) -> int:
    return sum(process["state"] == "ready" for process in node["processes"])


def _short(bundle: str) -> str:
    return bundle[:8]
