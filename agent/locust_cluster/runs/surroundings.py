"""What a run needs of the master that it runs on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from locust.env import Environment
from locust.runners import MasterRunner

from locust_cluster.common.identity import Identity
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.class_stats import ClassStats
from locust_cluster.runs.hold import Hold
from locust_cluster.runs.locust_control import LocustControl
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.test_facts import TestFacts

Nodes = Callable[[], list[dict[str, Any]]]
"""The machines as GET /cluster/nodes shows them."""


@dataclass(frozen=True)
class Surroundings:
    """The parts of one master."""

    environment: Environment
    runner: MasterRunner
    control: LocustControl
    facts: TestFacts
    archive: Archive
    identity: Identity
    cluster: str
    nodes: Nodes
    is_updating: Callable[[], bool]
    """Is this machine about to change to another test?"""
    hold: Hold
    """Whether runs may begin."""
    class_stats: ClassStats

    def new_run(
        self, source: str, request: RunRequest, created: float, folder: RunFolder | None = None
    ) -> tuple[Run, RunFolder]:
        """A run with its folder, made unless it is given. Raises OSError."""
        folder = folder or self.archive.create(created, request.name)
        run = Run(
            id=folder.id,
            source=source,
            created=created,
            request=request,
            cluster=self.cluster,
            bundle=self.identity.bundle,
            versions=self.identity.versions,
            shape=self.facts.load.shape,
        )
        return run, folder
