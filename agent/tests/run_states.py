"""Makes a run, and brings it into a state."""

from locust_cluster.common.constants import RunState
from locust_cluster.runs.lifecycle import Event
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_facts import RunFacts, Source

NO_REQUEST = RunRequest()

PATHS: dict[RunState, tuple[Event, ...]] = {
    "scaling": ("machines_requested",),
    "waiting": ("requested",),
    "starting": ("started_in_page",),
    "running": ("started_in_page", "test_started"),
    "stopping": ("started_in_page", "test_started", "users_stopping"),
}


def make_run(
    request: RunRequest = NO_REQUEST,
    created: float = 0,
    name: str = "20261121-110432",
    source: Source = "api",
    shape: str | None = None,
) -> Run:
    """One that nothing has happened to."""
    return Run(RunFacts(name, source, created, request, "example", "b", {}, shape))


def bring(run: Run, state: RunState, time: float) -> None:
    """By events that may follow one another."""
    for event in PATHS[state]:
        run.apply(event, time)
