"""The workers of a master, and whether they let a run start."""

from collections.abc import Callable
from dataclasses import dataclass

from locust_cluster.common.documents.api import Node
from locust_cluster.common.settings import ConfigurationError
from locust_cluster.runs.readiness import readiness
from locust_cluster.runs.run import Run

Nodes = Callable[[], list[Node]]
"""The machines as GET /cluster/nodes shows them."""


@dataclass(frozen=True)
class ConnectedWorkers:
    """Notes in a run who is there."""

    nodes: Nodes
    count: Callable[[], int]
    """Worker processes that Locust itself counts."""
    machines: Callable[[], int | None]
    """Worker machines that belong to the cluster; asked anew each time, since a deploy changes it.

    None in a cluster whose deploy did not say. Raises ConfigurationError.
    """
    is_updating: Callable[[], bool]
    """Is this machine about to change to another test?"""

    def missing(self, run: Run) -> str | None:
        """What a run of the API still waits for; None when it may start."""
        workers, request = run.workers, run.facts.request
        workers.nodes = self.nodes()
        try:
            machines = self.machines()
        except ConfigurationError as error:
            return str(error)  # while another test takes the place of this one
        found = readiness(
            workers.nodes, run.facts.bundle, self.count(), request.expect_workers, machines
        )
        workers.connected, workers.expected = found.connected, found.expected
        if self.is_updating():
            return "the master is changing to another test"
        return found.missing

    def accept(self, run: Run) -> None:
        """A test that is started in the page runs with those that are there."""
        run.workers.nodes = self.nodes()
        run.workers.connected = run.workers.expected = self.count()
