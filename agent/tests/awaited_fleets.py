"""Fleets, their machines and their manifest, as a run that waits for them sees them."""

from dataclasses import replace
from typing import Any, cast

from published import bundle, manifest
from run_states import make_run

from locust_cluster.common.documents.api import Node
from locust_cluster.common.fleet import Fleet
from locust_cluster.common.fleet_supply import Supply
from locust_cluster.common.manifest import Manifest, parse_manifest
from locust_cluster.runs.connected_workers import Awaited, ConnectedWorkers
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run_workers import RunWorkers

EU = Fleet(region="eu-central-1", size=0, max=20, idle=600)

US = Fleet(region="us-east-1", size=1, max=5, idle=600)


def machine(fleet: str = "eu", processes: int = 1, bundle: str = "b") -> Node:
    """One that has joined. Of no fleet without a name."""
    node = {
        **{"name": f"{fleet}-1", "role": "worker", "fleet": fleet, "bundle": bundle},
        **{"state": "ready", "expected_processes": processes},
        "processes": [{"state": "ready"}] * processes,
    }
    return cast(Node, node)


def manifest_of_fleets(workers: int | None = 0, **more: Any) -> Manifest:
    """With two fleets, unless it says others."""
    parsed = parse_manifest(manifest(bundle(1)))
    return replace(parsed, **{"expected_workers": workers, "fleets": {"eu": EU, "us": US}, **more})


class Fleets:
    """What connected workers say of two fleets with these machines."""

    def __init__(self, *nodes: Node, answer: Supply | None = None, updating: bool = False) -> None:
        self.nodes = list(nodes)
        self.answer = answer or Supply()
        self.shares: dict[str, str] = {}
        count = sum(len(node["processes"]) for node in nodes)
        self.workers = ConnectedWorkers(
            lambda: self.nodes,
            lambda: count,
            lambda: manifest_of_fleets(shares=self.shares),
            lambda: updating,
            lambda: self.answer,
        )


def look(cluster: Fleets, **request: Any) -> tuple[Awaited, RunWorkers]:
    """Of a run that asks for this."""
    run = make_run(RunRequest(**request))
    return cluster.workers.look(run), run.workers
