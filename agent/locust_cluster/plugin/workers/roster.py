"""Which machines a master knows, and how their processes are. Pure: no Locust, no clock."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from locust_cluster.common.constants import FIXED_WORKERS
from locust_cluster.common.documents.api import Node
from locust_cluster.common.identity import Identity
from locust_cluster.plugin.workers.ranks import Member
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

FORGET_AFTER_S = 300
"""A process that is gone is shown as missing this long, a machine with its last one."""

MOST_PLACES = 10_000
"""Worker processes; who reports ever new names fills no memory."""


@dataclass(frozen=True)
class Client:
    """What Locust knows of a connected worker."""

    state: str
    user_count: int
    cpu_usage: float


@dataclass
class _Process:
    client_id: str
    identity: Identity
    reported_at: float
    is_leaving: bool = False


class Roster:
    """The worker processes by instance and index: a restarted process takes its old place.

    A name decides nothing while both machines that have it are there. A machine that is gone is
    not shown when another has its name: it was replaced.
    """

    def __init__(self) -> None:
        self._processes: dict[tuple[str, int], _Process] = {}
        self._replaced: set[str] = set()

    def report(self, client_id: str, identity: Identity, now: float) -> None:
        """A worker has said who it is. `now` in seconds of any steady clock."""
        if client_id in self._replaced:
            return  # it was read late: another process is in its place
        place = (identity.instance_id, identity.index)
        before = self._processes.get(place)
        if before is None and len(self._processes) >= MOST_PLACES:
            return
        if before and before.client_id != client_id:
            self._replaced.add(before.client_id)
        is_leaving = before is not None and before.client_id == client_id and before.is_leaving
        self._processes[place] = _Process(client_id, identity, now, is_leaving)

    def leave(self, client_id: str, identity: Identity, now: float) -> None:
        """A worker has said that it leaves."""
        self.report(client_id, identity, now)
        if process := self._processes.get((identity.instance_id, identity.index)):
            process.is_leaving = True

    def fleets(self) -> dict[str, str]:
        """The fleet of each worker process by its id, by the names that shares have."""
        processes = self._processes.values()
        return {each.client_id: each.identity.fleet or FIXED_WORKERS for each in processes}

    def members(self, client_ids: Collection[str]) -> list[Member]:
        """These processes, in the order of their fleets, machines and numbers."""
        known = {each.client_id: (place, each) for place, each in self._processes.items()}
        found = [(id, *known[id]) for id in client_ids if id in known]
        found.sort(key=lambda one: _order(one[2].identity))
        members = [Member(id, process.identity.fleet, place) for id, place, process in found]
        return members + [Member(id) for id in sorted(set(client_ids) - known.keys())]

    def connected(self, clients: Mapping[str, Client]) -> int:
        """How many worker processes a run can count on.

        Locust counts a killed one for some seconds more, also when its successor is there already.
        """
        self._replaced &= clients.keys()
        processes = self._processes.values()
        starting = {each.client_id for each in processes if not each.identity.is_ready}
        present = {id for id, client in clients.items() if client.state in COUNTED}
        return len(present - self._replaced - starting)

    def nodes(self, clients: Mapping[str, Client], now: float) -> list[Node]:
        """The machines with their processes, as GET /cluster/nodes shows them."""
        machines: dict[str, list[tuple[_Process, str]]] = {}
        for place, process in list(self._processes.items()):
            state = _state(process, clients.get(process.client_id), now)
            if state == MISSING and (
                process.is_leaving or now - process.reported_at > FORGET_AFTER_S
            ):
                del self._processes[place]
            else:
                machines.setdefault(process.identity.instance_id, []).append((process, state))
        nodes = [_node(processes, clients) for processes in machines.values()]
        there = {node["name"] for node in nodes if node["state"] != MISSING}
        shown = [node for node in nodes if node["state"] != MISSING or node["name"] not in there]
        return sorted(shown, key=lambda node: (_natural(node["name"]), node["instance_id"]))


def _state(process: _Process, client: Client | None, now: float) -> str:
    if process.is_leaving:
        is_there = client is not None or now - process.reported_at <= DRAINED_FOR_S
        return DRAINING if is_there else MISSING
    if client:
        is_starting = client.state in COUNTED and not process.identity.is_ready
        return STARTING if is_starting else client.state
    return "stopping" if now - process.reported_at < STOPPING_S else MISSING


def _node(found: list[tuple[_Process, str]], clients: Mapping[str, Client]) -> Node:
    found = sorted(found, key=lambda pair: pair[0].identity.index)
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


def _order(identity: Identity) -> tuple[str, list[tuple[int, str]], str, int]:
    return identity.fleet, _natural(identity.node), identity.instance_id, identity.index


def _natural(name: str) -> list[tuple[int, str]]:
    """worker-2 before worker-10."""
    return [(int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"(\d+)", name) if p]
