"""How a machine and its processes are, as GET /cluster/nodes shows them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from locust_cluster.common.documents.api import Node
from locust_cluster.common.identity import Identity
from locust_cluster.plugin.workers.ranks import Place
from locust_cluster.runs.worker_losses import COUNTED

SeenState = Literal["ready", "degraded", "draining", "missing"]

MISSING: Final = "missing"

DRAINING: Final = "draining"
"""It leaves, since AWS ends its machine."""

DRAINED_FOR_S = 120
"""A machine is shown so long after the last word of its processes: then AWS has ended it."""

STARTING = "starting"
"""Connected, but the test's `init` listeners may still end it."""

STOPPING_S = 5
"""Locust forgets a worker while it stops a test; it still reports every 3 s."""


@dataclass(frozen=True)
class Client:
    """What Locust knows of a connected worker."""

    state: str
    user_count: int
    cpu_usage: float


@dataclass
class Process:
    """A worker process, by what it has said."""

    client_id: str
    identity: Identity
    reported_at: float
    is_leaving: bool = False

    @property
    def place(self) -> Place:
        return self.identity.instance_id, self.identity.index


def state_of(process: Process, client: Client | None, now: float) -> str:
    if process.is_leaving:
        is_there = client is not None or now - process.reported_at <= DRAINED_FOR_S
        return DRAINING if is_there else MISSING
    if client:
        is_starting = client.state in COUNTED and not process.identity.is_ready
        return STARTING if is_starting else client.state
    return "stopping" if now - process.reported_at < STOPPING_S else MISSING


def node_of(found: list[tuple[Process, str]], clients: Mapping[str, Client]) -> Node:
    found = sorted(found, key=lambda pair: pair[0].identity.index)
    # Its first process says how many it has: one with a number beyond is nobody's.
    first, _ = found[0]
    found = [
        pair
        for pair in found
        if pair[0] is first or pair[0].identity.index <= first.identity.processes
    ]
    newest = max(
        (process for process, _ in found), key=lambda process: process.reported_at
    ).identity
    bundles = {process.identity.bundle for process, state in found if state != MISSING}
    states = {state for _, state in found}
    present = sum(state not in (MISSING, STARTING) for _, state in found)
    nobody = Client(MISSING, 0, 0.0)
    return {
        "name": newest.node,
        "role": newest.role,
        "fleet": newest.fleet,
        "instance_id": newest.instance_id,
        "instance_type": newest.instance_type,
        "hostname": newest.hostname,
        "private_ip": newest.private_ip,
        "state": _node_state(present, newest.processes, states),
        "processes": [
            {
                "id": process.client_id,
                "index": process.identity.index,
                "pid": process.identity.pid,
                "state": state,
                "user_count": clients.get(process.client_id, nobody).user_count,
                "cpu_usage": clients.get(process.client_id, nobody).cpu_usage,
            }
            for process, state in found
        ],
        "expected_processes": newest.processes,
        "bundle": newest.bundle if len(bundles) < 2 else "mixed",
        "environment": newest.environment,
        "versions": newest.versions,
    }


def _node_state(present: int, expected: int, states: set[str]) -> SeenState:
    if DRAINING in states:
        return DRAINING
    if present == 0 and STARTING not in states:
        return MISSING
    return "ready" if present >= expected else "degraded"


def natural(name: str) -> list[tuple[int, str]]:
    """worker-2 before worker-10."""
    return [(int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"(\d+)", name) if p]
