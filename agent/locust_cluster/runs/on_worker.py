"""What a run needs of a Locust worker. Nothing is done per request."""

from typing import Any

from locust import events, stats
from locust.env import Environment
from locust.runners import WorkerRunner

from locust_cluster.after_init import after_init
from locust_cluster.listener import listener
from locust_cluster.runs import resolution
from locust_cluster.runs.class_stats import ClassCounter
from locust_cluster.runs.fresh_start import begin_afresh
from locust_cluster.runs.spawning_errors import report_spawning_errors

REPORT_NOW = "cluster_report_now"
"""Message of the master: it wants what was counted so far."""


def install() -> None:
    """To be called while Locust imports its files."""
    # A test that brings a function of its own is imported later, and so has its way.
    stats.bucket_response_time = resolution.bucket
    events.init.add_listener(_start)
    after_init(begin_afresh)


@listener
def _start(environment: Environment, **_: object) -> None:
    runner = environment.runner
    if not isinstance(runner, WorkerRunner):
        return
    ClassCounter(environment)
    report_spawning_errors(runner)

    @listener
    def report_now(**_: Any) -> None:
        # Locust reports every 3 s. The last requests of a run would miss its archive, and those of
        # a warm-up would be counted after it.
        runner._send_stats()

    runner.register_message(REPORT_NOW, report_now)
    # After the user's own: it is called before the worker says that it has stopped.
    events.test_stop.add_listener(report_now)
