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
    nodes: Sequence[Mapping[str, Any]], bundle: str, connected: int, expect_workers: int | None
) -> Readiness:
    """Look at the machines as GET /cluster/nodes shows them.

    `connected` is what Locust itself counts: a worker is counted some seconds before it says who it
    is. Without `expect_workers` all processes of the machines that the master knows are expected.
    """
    workers = [node for node in nodes if node["role"] == "worker"]
    known = sum(_present(node) for node in workers)
    expected = expect_workers or max(1, sum(node["expected_processes"] for node in workers))
    return Readiness(connected, expected, _missing(workers, bundle, connected, known, expected))


def _missing(
    workers: Sequence[Mapping[str, Any]], bundle: str, connected: int, known: int, expected: int
) -> str | None:
    others = [node for node in workers if _present(node) and node["bundle"] != bundle]
    if others:
        named = [f"{node['name']} runs {_short(node['bundle'])}" for node in others[:NAMED]]
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        return f"not all run the same test: the master runs {_short(bundle)}, " + (
            ", ".join(named) + more
        )
    if min(connected, known) < expected:
        few = [
            f"{node['name']} has {_present(node)} of {node['expected_processes']}"
            for node in workers
            if _present(node) < node["expected_processes"]
        ]
        where = f" ({', '.join(few[:NAMED])})" if few else ""
        return f"{min(connected, known)} of {expected} worker processes are connected{where}"
    return None


def _present(node: Mapping[str, Any]) -> int:
    return sum(process["state"] == "ready" for process in node["processes"])


def _short(bundle: str) -> str:
    return bundle[:8]
