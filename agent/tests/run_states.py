"""Makes a run, and brings it into a state."""

from typing import Any

from locust_cluster.common.constants import RunState
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.lifecycle import Event
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_facts import RunFacts, Source

NO_REQUEST = RunRequest()

ROW: dict[str, Any] = {
    "time": "2026-11-21T11:04:32.120Z",
    "elapsed_s": 2.0,
    "phase": "measuring",
    "users": 10,
    "rps": 12.5,
    "failures_per_s": 0.0,
    "requests": 25,
    "failures": 0,
    "p50_ms": None,
    "p95_ms": 296.0,
    "p99_ms": 1050.0,
    "workers": 2,
    "cpu_max": 41.0,
    "cpu_mean": 38.5,
    "cpu": "worker-1:41/36",
    "marks": "spot: i-0abc, fleet eu, leaves",
}
"""Of a timeline."""

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


def begun(archive: Archive, created: float, state: RunState) -> RunFolder:
    """The folder of a run in this state."""
    folder = archive.create(created, None)
    run = make_run(RunRequest(run_time=60), created, folder.id)
    if state == "cancelled":
        bring(run, "waiting", created)
        run.apply("stopped_early", created)
    else:
        bring(run, state, created)
    if state == "running":
        run.times.started = created
    folder.write_run(run.to_document(created))
    return folder
