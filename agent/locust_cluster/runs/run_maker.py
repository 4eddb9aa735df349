"""Makes the runs of a master."""

from collections.abc import Sequence
from dataclasses import dataclass

from locust_cluster.common.documents import api
from locust_cluster.common.identity import Identity
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.facts_of_test import TestFacts
from locust_cluster.runs.lifecycle import Lifecycle
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_facts import RunFacts, Source


@dataclass(frozen=True)
class RunMaker:
    """Knows what is the same for all of them."""

    archive: Archive
    cluster: str
    identity: Identity
    facts: TestFacts

    def make(self, source: Source, request: RunRequest, created: float) -> tuple[Run, RunFolder]:
        """A new run with its folder. Raises OSError."""
        folder = self.archive.create(created, request.name)
        return self._run(folder, source, request, created, ()), folder

    def take_over(
        self,
        folder: RunFolder,
        request: RunRequest,
        created: float,
        states: Sequence[api.StateChange],
    ) -> Run:
        """A run of the API that the master before this one was asked for."""
        return self._run(folder, "api", request, created, states)

    def _run(
        self,
        folder: RunFolder,
        source: Source,
        request: RunRequest,
        created: float,
        states: Sequence[api.StateChange],
    ) -> Run:
        facts = RunFacts(
            id=folder.id,
            source=source,
            created=created,
            request=request,
            cluster=self.cluster,
            bundle=self.identity.bundle,
            versions=self.identity.versions,
            shape=self.facts.load.shape,
        )
        return Run(facts, Lifecycle(states))
