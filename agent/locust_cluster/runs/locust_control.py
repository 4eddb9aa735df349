"""Starts and stops Locust on the master, as its own page does.

Uses three private names of locust/web.py (2.47.0): the greenlet in which the page starts a test, so
that its Stop button ends our ramp-up as well, and its timer.
"""

from typing import Any

import gevent
from flask import has_request_context
from flask import request as page_request
from locust.env import Environment
from locust.runners import MasterRunner
from locust.web import WebUI

from locust_cluster.common.constants import REPORT_NOW
from locust_cluster.runs import locust_statistics
from locust_cluster.runs.class_stats import ClassStats
from locust_cluster.runs.endings import Outcome
from locust_cluster.runs.facts_of_test import TestFacts
from locust_cluster.runs.judged_names import tell_workers
from locust_cluster.runs.options_of_test import parse_options
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_options import RunOptions


class LocustControl:
    """The master's Locust."""

    def __init__(
        self,
        environment: Environment,
        runner: MasterRunner,
        web_ui: WebUI,
        facts: TestFacts,
        class_stats: ClassStats,
    ) -> None:
        self._environment = environment
        self._runner = runner
        self._web_ui: Any = web_ui
        self._facts = facts
        self.class_stats = class_stats
        self._options = RunOptions(environment.parsed_options)

    def start(self, request: RunRequest) -> None:
        """Begin the test; `test_start` follows unless something is wrong."""
        environment, facts = self._environment, self._facts
        environment.host = request.host or facts.host
        environment.user_classes = facts.chosen(request)
        options = environment.parsed_options
        if options is not None:
            excluded = list(request.exclude_tags) or facts.default_exclude_tags
            tags = {
                "tags": list(request.tags) or facts.default_tags or None,
                "exclude_tags": excluded or None,
            }
            self._options.give(tags | parse_options(request.args))
            options.host = environment.host
            options.run_time = request.run_time
        self._end_ramp_up()
        users, rate = request.user_count or 1, request.spawn_rate or 1
        if options is not None and facts.load.takes_options:
            options.num_users, options.spawn_rate = users, rate
        if environment.shape_class:
            self._runner.start_shape()
            return
        self._web_ui._swarm_greenlet = gevent.spawn(self._runner.start, users, rate)

    def begin(self, request: RunRequest) -> None:
        """A test has started: let the workers count what the thresholds of its run are about."""
        self._environment.process_exit_code = None  # of the run before
        self.class_stats.begin(request.judged_classes)
        tell_workers(self._environment, request)

    def ask_for_reports(self) -> None:
        """They arrive within a moment."""
        self._runner.send_message(REPORT_NOW)

    def reset_statistics(self) -> None:
        locust_statistics.reset(self._runner)

    def outcome(self, run: Run) -> Outcome:
        """What a run that has stopped came to."""
        exceptions = list(self._runner.exceptions.values())
        return Outcome(
            is_warming_up=run.times.is_warming_up,
            requests=self._runner.stats.total.num_requests,
            exceptions=run.figures.exceptions,
            first_exception=exceptions[0]["msg"] if exceptions else None,
        )

    def start_error(self) -> str | None:
        """Why the start came to nothing; None while it is under way."""
        starting = self._web_ui._swarm_greenlet or self._runner.shape_greenlet
        if starting is None or not starting.ready():
            return None
        if error := starting.exception:
            return f"Locust could not start: {type(error).__name__}: {error}"
        return "Locust could not start: no worker was connected any more"

    def stop(self) -> None:
        """End the test; returns when all users are gone, a minute later at most."""
        self._end_ramp_up()
        self._runner.stop()
        # Left behind when the ramp-up was ended before its first user.
        self._runner._users_dispatcher = None

    def restore_options(self) -> None:
        """To be called when a run is over: the options of one of the API are its own."""
        self._options.restore()

    def request_of_page(self) -> RunRequest:
        """What was asked in the page's form, for a test that has just been started there."""
        options: Any = self._environment.parsed_options
        if options is None or self._environment.shape_class:
            return RunRequest(host=self._environment.host)
        # The form keeps the run time of the test before; the timer tells.
        has_timer = self._web_ui._run_time_greenlet is not None
        chosen = [each.__name__ for each in self._environment.user_classes]
        everything = len(chosen) == len(self._facts.user_classes)
        return RunRequest(
            host=self._environment.host,
            user_count=self._runner.target_user_count,
            spawn_rate=self._runner.spawn_rate,
            run_time=options.run_time if has_timer else None,
            user_classes=() if everything else tuple(chosen),
            tags=tuple(getattr(options, "tags", None) or ()),
            exclude_tags=tuple(getattr(options, "exclude_tags", None) or ()),
        )

    @property
    def has_workers(self) -> bool:
        return bool(self._runner.worker_count > 0)

    @property
    def is_shape_ending(self) -> bool:
        """Is it the load shape that stops the test just now?"""
        return self._runner.shape_greenlet is gevent.getcurrent()

    @property
    def is_page_stopping(self) -> bool:
        """Is it the Stop button of the page?"""
        return has_request_context() and page_request.path.endswith("/stop")

    def _end_ramp_up(self) -> None:
        if self._web_ui._swarm_greenlet is not None:
            self._web_ui._swarm_greenlet.kill(block=True)
            self._web_ui._swarm_greenlet = None
        self._web_ui._cancel_run_time_timer()
