"""What a run needs of a Locust worker. Nothing is done per request."""

import itertools
from pathlib import Path
from typing import Any

from locust import events, stats
from locust.env import Environment
from locust.runners import WorkerRunner

from locust_cluster.common.constants import NUMBER_KEY, REPORT_NOW
from locust_cluster.common.listener import listener
from locust_cluster.plugin.after_init import after_init
from locust_cluster.plugin.statistics.class_counter import ClassCounter
from locust_cluster.plugin.statistics.sendable_report import make_sendable
from locust_cluster.plugin.user_test.end_by_test import end_from_worker
from locust_cluster.plugin.user_test.fresh_start import begin_afresh
from locust_cluster.plugin.user_test.user_exceptions import report_exceptions
from locust_cluster.runs import resolution
from locust_cluster.runs.judged_names import is_judged


def install(folder: Path) -> None:
    """To be called while Locust imports its files; `folder` has this process's copy of the test."""
    # A test that brings a function of its own is imported later, and so has its way.
    stats.bucket_response_time = resolution.bucket

    @listener
    def start(environment: Environment, **_: object) -> None:
        if isinstance(environment.runner, WorkerRunner):
            _start(environment, environment.runner, folder)

    events.init.add_listener(start)
    after_init(begin_afresh)
    after_init(_make_reports_sendable)


def _start(environment: Environment, runner: WorkerRunner, folder: Path) -> None:
    ClassCounter(environment)
    report_exceptions(environment, runner, folder)
    end_from_worker(runner)

    @listener
    def report_now(**_: Any) -> None:
        # Locust reports every 3 s. The last requests of a run would miss its archive, and those of
        # a warm-up would be counted after it.
        runner._send_stats()

    @listener
    def report_last(**_: Any) -> None:
        report_now()
        # With nothing in it: that the one before is lost shows by the number of the next.
        report_now()

    runner.register_message(REPORT_NOW, report_now)
    # After the user's own: it is called before the worker says that it has stopped.
    events.test_stop.add_listener(report_last)


def _make_reports_sendable(environment: Environment) -> None:
    """After the user's own listeners, which may add to a report."""
    numbers = itertools.count(1)

    @listener
    def report(data: dict[str, Any], **_: object) -> None:
        data[NUMBER_KEY] = next(numbers)
        make_sendable(data, lambda method, name: is_judged(environment, method, name))

    environment.events.report_to_master.add_listener(report)
