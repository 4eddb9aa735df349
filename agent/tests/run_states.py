"""Brings a run into a state."""

from locust_cluster.common.constants import RunState
from locust_cluster.runs.lifecycle import Event
from locust_cluster.runs.run import Run

PATHS: dict[RunState, tuple[Event, ...]] = {
    "waiting": ("requested",),
    "starting": ("started_in_page",),
    "running": ("started_in_page", "test_started"),
    "stopping": ("started_in_page", "test_started", "users_stopping"),
}


def bring(run: Run, state: RunState, time: float) -> None:
    """By events that may follow one another."""
    for event in PATHS[state]:
        run.apply(event, time)
