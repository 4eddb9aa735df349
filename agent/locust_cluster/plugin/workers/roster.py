"""Which machines a master knows, and who has which place on them. Pure: no Locust, no clock."""

from collections.abc import Collection, Mapping

from locust_cluster.common.constants import FIXED_WORKERS
from locust_cluster.common.documents.api import Node
from locust_cluster.common.identity import Identity
from locust_cluster.plugin.workers.machine import (
    MISSING,
    Client,
    Process,
    natural,
    node_of,
    state_of,
)
from locust_cluster.plugin.workers.ranks import Member, Place
from locust_cluster.runs.worker_losses import COUNTED

FORGET_AFTER_S = 300
"""A process that is gone is shown as missing this long, a machine with its last one."""

MOST_PLACES = 10_000
"""Worker processes; who reports ever new names fills no memory."""


class Roster:
    """The worker processes by instance and index: a restarted process takes its old place.

    Nobody takes the place of a process that lives: a process names its place itself, and anybody
    may send. It waits, with its fleet, until the holder is gone. A process has one place.

    A name decides nothing while both machines that have it are there. A machine that is gone is
    not shown when another has its name: it was replaced.
    """

    def __init__(self) -> None:
        self._processes: dict[str, Process] = {}
        self._holders: dict[Place, str] = {}
        self._takers: dict[str, str] = {}
        """Who has the place of a process that is gone, by the id of that process."""

    def report(self, client_id: str, identity: Identity, now: float) -> None:
        """A worker has said who it is. `now` in seconds of any steady clock."""
        if client_id in self._takers:
            return  # it was read late: another process is in its place
        before = self._processes.get(client_id)
        process = Process(client_id, identity, now, before is not None and before.is_leaving)
        if before is None and self._is_full(process.place):
            return
        if before is not None and before.place != process.place:
            self._forget(before)
        self._processes[client_id] = process
        self._holders.setdefault(process.place, client_id)

    def leave(self, client_id: str, now: float) -> None:
        """A worker that has said who it is leaves."""
        if process := self._processes.get(client_id):
            process.is_leaving, process.reported_at = True, now

    def identity(self, client_id: str) -> Identity | None:
        """What a worker has said of itself; None while it waits for its place."""
        process = self._processes.get(client_id)
        return process.identity if process and self._holds(process) else None

    def fleets(self) -> dict[str, str]:
        """The fleet of each worker process by its id, by the names that shares have."""
        processes = self._processes.values()
        return {each.client_id: each.identity.fleet or FIXED_WORKERS for each in processes}

    def members(self, client_ids: Collection[str]) -> list[Member]:
        """These processes, in the order of their fleets, machines and numbers."""
        found = [self._processes[id] for id in client_ids if id in self._processes]
        found.sort(key=lambda process: _order(process.identity))
        members = [
            Member(each.client_id, each.identity.fleet, each.place if self._holds(each) else None)
            for each in found
        ]
        return members + [Member(id) for id in sorted(set(client_ids) - self._processes.keys())]

    def connected(self, clients: Mapping[str, Client]) -> int:
        """How many worker processes a run can count on.

        Locust counts a killed one for some seconds more, also when its successor is there already.
        """
        processes = self._processes.values()
        present = {id for id, client in clients.items() if client.state in COUNTED}
        waiting = {
            each.client_id for each in processes if self._holders.get(each.place, "") in present
        } - set(self._holders.values())
        starting = {each.client_id for each in processes if not each.identity.is_ready}
        return len(present - self._takers.keys() - waiting - starting)

    def settle(self, clients: Mapping[str, Client], now: float) -> set[str]:
        """Give the places of processes that are gone to those that wait for them.

        The ids of the former are the answer, as long as Locust knows them.
        """
        self._takers = {
            id: taker for id, taker in self._takers.items() if id in clients and taker in clients
        }
        for process in reversed(list(self._processes.values())):  # the newest first
            if process.client_id not in self._processes:
                continue  # it has just lost its place
            holder = self._processes.get(self._holders.setdefault(process.place, process.client_id))
            if holder is None or holder is process:
                continue
            if state_of(holder, clients.get(holder.client_id), now) == MISSING:
                self._forget(holder)
                self._holders[process.place] = process.client_id
                if holder.client_id in clients:
                    self._takers[holder.client_id] = process.client_id
            elif state_of(process, clients.get(process.client_id), now) == MISSING:
                self._forget(process)
        return set(self._takers)

    def nodes(self, clients: Mapping[str, Client], now: float) -> list[Node]:
        """The machines with their processes, as GET /cluster/nodes shows them."""
        self.settle(clients, now)
        machines: dict[str, list[tuple[Process, str]]] = {}
        for process in [self._processes[holder] for holder in self._holders.values()]:
            state = state_of(process, clients.get(process.client_id), now)
            if state == MISSING and (
                process.is_leaving or now - process.reported_at > FORGET_AFTER_S
            ):
                self._forget(process)
            else:
                machines.setdefault(process.identity.instance_id, []).append((process, state))
        nodes = [node_of(processes, clients) for processes in machines.values()]
        there = {node["name"] for node in nodes if node["state"] != MISSING}
        shown = [node for node in nodes if node["state"] != MISSING or node["name"] not in there]
        return sorted(shown, key=lambda node: (natural(node["name"]), node["instance_id"]))

    def _is_full(self, place: Place) -> bool:
        """For each process there is room, and for one that waits for its place."""
        most = 2 * MOST_PLACES if place in self._holders else MOST_PLACES
        return len(self._holders) >= MOST_PLACES and len(self._processes) >= most

    def _holds(self, process: Process) -> bool:
        return self._holders.get(process.place) == process.client_id

    def _forget(self, process: Process) -> None:
        self._processes.pop(process.client_id, None)
        if self._holds(process):
            del self._holders[process.place]


def _order(identity: Identity) -> tuple[str, list[tuple[int, str]], str, int]:
    return identity.fleet, natural(identity.node), identity.instance_id, identity.index
