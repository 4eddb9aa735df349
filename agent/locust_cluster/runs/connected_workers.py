"""The workers of a master, and whether they let a run start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from locust_cluster.common.documents.api import Node
from locust_cluster.common.fleet_supply import Supply
from locust_cluster.common.manifest import Manifest
from locust_cluster.common.settings import ConfigurationError
from locust_cluster.runs.readiness import Machines, readiness, usable
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_fleets import (
    check_fleets,
    look_at,
    missing_machines,
    removed_fleet,
)
from locust_cluster.runs.run_shares import check_shares, missing_shares

Nodes = Callable[[], list[Node]]
"""The machines as GET /cluster/nodes shows them."""


@dataclass(frozen=True)
class Awaited:
    """What a run waits for."""

    machines: str | None
    """Of the fleets that it has asked."""
    others: str | None
    """All else."""
    usable: int = 0
    """Processes that it could begin with now."""
    is_hopeless: bool = False
    """They cannot come any more."""

    @property
    def missing(self) -> str | None:
        """None when it may start."""
        return "; ".join(filter(None, (self.machines, self.others))) or None


@dataclass(frozen=True)
class ConnectedWorkers:
    """Notes in a run who is there."""

    nodes: Nodes
    count: Callable[[], int]
    """Worker processes that Locust itself counts."""
    manifest: Callable[[], Manifest]
    """Asked anew each time, since a deploy changes how many machines belong to the cluster.

    Raises ConfigurationError.
    """
    is_updating: Callable[[], bool]
    """Is this machine about to change to another test?"""
    supply: Callable[[], Supply]
    """What AWS gives to fleets."""

    def complete(self, request: RunRequest) -> RunRequest:
        """What is asked, with the cluster's shares if it names none.

        Raises RequestError when the cluster does not have its fleets, and ConfigurationError while
        another test takes the place of this one.
        """
        try:
            manifest = self.manifest()
        except ConfigurationError:
            if request.fleets or request.shares:
                raise
            return request
        check_fleets(request.fleets, manifest.fleets)
        if request.shares is None:
            request = replace(request, shares=manifest.shares)
        check_shares(request, manifest, self.nodes())
        return request

    def shares(self) -> Mapping[str, str]:
        """Of a test that names none, as one of the page."""
        try:
            return self.manifest().shares
        except ConfigurationError:
            return {}

    def look(self, run: Run) -> Awaited:
        """What a run of the API still waits for."""
        workers, request = run.workers, run.facts.request
        workers.nodes = self.nodes()
        supply = self.supply()
        look_at(run, workers.nodes, supply)
        machines = missing_machines(workers.fleets, workers.answered)
        try:
            manifest = self.manifest()
        except ConfigurationError as error:
            return Awaited(machines, str(error))  # while another test takes the place of this one
        if removed := removed_fleet(request.fleets, manifest.fleets):
            return Awaited(removed, None, is_hopeless=True)
        sizes = {name: fleet.size for name, fleet in manifest.fleets.items()}
        expected = Machines(
            manifest.expected_workers,
            {**sizes, **request.fleets},
            {name: fleet.problem for name, fleet in supply.fleets.items()},
            asked=frozenset(request.fleets),
            are_joining=machines is not None,
        )
        connected, bundle = self.count(), run.facts.bundle
        found = readiness(workers.nodes, bundle, connected, request.expect_workers, expected)
        workers.connected, workers.expected = found.connected, found.expected
        if self.is_updating():
            return Awaited(machines, "the master is changing to another test")
        missing = found.missing or missing_shares(request.shares or {}, workers.nodes)
        return Awaited(machines, missing, usable(workers.nodes, bundle, connected))

    def accept(self, run: Run) -> None:
        """A test that is started in the page runs with those that are there."""
        run.workers.nodes = self.nodes()
        run.workers.connected = run.workers.expected = self.count()
