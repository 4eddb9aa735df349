"""May a run start? Only when all worker processes are there and run what the master runs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from locust_cluster.runs.run_fleets import joined_machines, present, short_of

NAMED = 3
"""So many machines are named in a sentence."""


@dataclass(frozen=True)
class Readiness:
    """How far the workers are; `missing` is None when a run may start."""

    connected: int
    expected: int
    missing: str | None


@dataclass(frozen=True)
class Machines:
    """Machines that belong to the cluster beside its master, or to a run of it."""

    workers: int | None = None
    """Those of `workers`; None in a cluster whose deploy did not say."""
    fleets: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[str, str | None] = field(default_factory=dict)
    """Why AWS does not give them, by fleet."""
    asked: frozenset[str] = frozenset()
    """Fleets that the run has asked for machines: run_fleets.py says who is missing."""
    are_joining: bool = False
    """Of those some are: their processes are not counted yet."""


ANY = Machines()


def readiness(
    nodes: Sequence[Mapping[str, Any]],
    bundle: str,
    connected: int,
    expect_workers: int | None,
    machines: Machines = ANY,
) -> Readiness:
    """Look at the machines as GET /cluster/nodes shows them.

    `connected` is what Locust itself counts: a worker is counted some seconds before it says who it
    is. Without `expect_workers` all processes of the `machines` are expected, each saying how many
    it has; where nobody tells their number, those of all machines that the master knows.
    """
    workers = [node for node in nodes if node["role"] == "worker"]
    home, awaited = _awaited_machines(workers, machines)
    expected = expect_workers or max(1, sum(node["expected_processes"] for node in awaited))
    there = min(connected, _known(workers))
    missing = _other_test(workers, bundle)
    if missing is None and expect_workers is None:
        missing = _missing_machines(workers, home, machines)
    if missing is None and not machines.are_joining and there < expected:
        missing = f"{there} of {expected} worker processes are connected{_incomplete(awaited)}"
    return Readiness(connected, expected, missing)


def usable(nodes: Sequence[Mapping[str, Any]], bundle: str, connected: int) -> int:
    """Processes that a run could begin with: none while not all run the same test."""
    workers = [node for node in nodes if node["role"] == "worker"]
    return 0 if _other_test(workers, bundle) else min(connected, _known(workers))


def _known(workers: Sequence[Mapping[str, Any]]) -> int:
    return sum(present(node) for node in workers)


Nodes = list[Mapping[str, Any]]


def _awaited_machines(
    workers: Sequence[Mapping[str, Any]], machines: Machines
) -> tuple[Nodes, Nodes]:
    """Those of `workers`, and all."""
    by_fleet: dict[str, Nodes] = {"": []}
    for node in workers:
        by_fleet.setdefault(node["fleet"], []).append(node)
    home = by_fleet.pop("")
    if machines.workers is not None:
        home = _awaited(home, machines.workers)
    fleets = (_awaited(each, machines.fleets.get(name, 0)) for name, each in by_fleet.items())
    return home, [*home, *chain.from_iterable(fleets)]


def _awaited(known: Nodes, machines: int) -> Nodes:
    """Those that are there, and as many of the gone as still belong to the cluster.

    The rest of the gone are what a smaller number has removed.
    """
    there = [node for node in known if _stays(node)]
    gone = [node for node in known if not _stays(node)]
    return there + gone[: max(0, machines - len(there))]


def _stays(node: Mapping[str, Any]) -> bool:
    """Neither gone, nor about to end."""
    return node["state"] not in ("missing", "draining")


def _missing_machines(
    workers: Sequence[Mapping[str, Any]], home: Nodes, machines: Machines
) -> str | None:
    if machines.workers == 0 and not any(machines.fleets.values()) and not _known(workers):
        asks = "ask a fleet for some with 'fleets' (--fleet)"
        remedy = asks if machines.fleets else "raise 'workers.count' in cluster.yaml and deploy"
        return f"the cluster has no worker machines: {remedy}"
    missing = []
    if len(home) < (machines.workers or 0):
        there = sum(map(_stays, home))
        sentence = f"{there} of {machines.workers} worker machines are connected"
        missing.append(sentence + _incomplete(home))
    joined = joined_machines(workers)
    for fleet, expected in machines.fleets.items():
        if fleet not in machines.asked and joined.get(fleet, 0) < expected:
            problem = machines.problems.get(fleet)
            missing.append(short_of(fleet, joined.get(fleet, 0), expected, problem))
    return "; ".join(missing) or None


def _other_test(workers: Sequence[Mapping[str, Any]], bundle: str) -> str | None:
    others = [node for node in workers if present(node) and node["bundle"] != bundle]
    if not others:
        return None
    named = [f"{node['name']} runs {_short(node['bundle'])}" for node in others[:NAMED]]
    more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
    return f"not all run the same test: the master runs {_short(bundle)}, " + (
        ", ".join(named) + more
    )


def _incomplete(awaited: Sequence[Mapping[str, Any]]) -> str:
    few = [
        f"{node['name']} has {present(node)} of {node['expected_processes']}"
        for node in awaited
        if present(node) < node["expected_processes"]
    ]
    return f" ({', '.join(few[:NAMED])})" if few else ""


def _short(bundle: str) -> str:
    return bundle[:8]
