"""The workers of a run: who was there when it began, and who was lost. Pure."""

from dataclasses import dataclass, field

from locust_cluster.common.documents import api
from locust_cluster.runs.interruptions import Interruptions
from locust_cluster.runs.worker_losses import WorkerLosses


@dataclass
class RunWorkers:
    """Written by ConnectedWorkers until the run begins, then by its recorder."""

    nodes: list[api.Node] = field(default_factory=list)
    """The machines, as GET /cluster/nodes showed them before the run began."""
    connected: int = 0
    """Processes."""
    expected: int = 0
    """Processes that the run waits for."""
    fleets: dict[str, api.RunFleet] = field(default_factory=dict)
    """Machines of the fleets that the run asks for."""
    answered: set[str] = field(default_factory=set)
    """Fleets of which AWS has told since the run asked for them."""
    losses: WorkerLosses = field(default_factory=WorkerLosses)
    interruptions: Interruptions = field(default_factory=Interruptions)
