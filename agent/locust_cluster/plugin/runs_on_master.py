"""Brings the runs to a Locust master."""

import logging
import time
from pathlib import Path
from typing import Any

import gevent
from flask import Blueprint
from locust import events, stats
from locust.env import Environment
from locust.runners import MasterRunner
from locust.stats import RequestStats
from locust.web import WebUI

from locust_cluster.common.constants import FIXED_WORKERS
from locust_cluster.common.fleet_supply import SUPPLY_FILE, read_supply
from locust_cluster.common.identity import Identity
from locust_cluster.common.listener import listener
from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.patch import patch
from locust_cluster.common.run_needs import NEEDS_FILE
from locust_cluster.common.settings import Settings
from locust_cluster.common.updating import is_updating
from locust_cluster.plugin.after_init import after_init
from locust_cluster.plugin.needs_reporter import NeedsReporter
from locust_cluster.plugin.page.run_routes import run_routes
from locust_cluster.plugin.statistics.long_tests import keep_bounded
from locust_cluster.plugin.statistics.many_names import bound_report
from locust_cluster.plugin.user_test.end_by_test import end_from_master
from locust_cluster.plugin.user_test.fresh_start import begin_afresh
from locust_cluster.plugin.workers.fleet_dispatcher import Dispatchers, Fleets
from locust_cluster.runs import resolution
from locust_cluster.runs.active_run import ActiveRun
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.class_stats import ClassStats
from locust_cluster.runs.connected_workers import ConnectedWorkers, Nodes
from locust_cluster.runs.controller import Controller
from locust_cluster.runs.facts_of_test import TestFacts
from locust_cluster.runs.fleet_stats import FleetStats
from locust_cluster.runs.folder_sink import FolderSink
from locust_cluster.runs.hold import Hold
from locust_cluster.runs.interruptions import Leaving
from locust_cluster.runs.judging import Judge
from locust_cluster.runs.locust_control import LocustControl
from locust_cluster.runs.recorder import Recorder
from locust_cluster.runs.recovery import recover
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_fleets import needs_of
from locust_cluster.runs.run_maker import RunMaker

NOTHING = RunRequest()

logger = logging.getLogger(__name__)


class RunsOnMaster:
    """To be made while Locust imports its files, and started at `init`."""

    def __init__(self, settings: Settings, identity: Identity) -> None:
        self._settings = settings
        self._identity = identity
        self._archive = Archive(settings.runs_dir)
        self._stats: RequestStats | None = None
        self.controller: Controller | None = None
        self._facts: TestFacts | None = None
        self.hold = Hold()
        # At once and not at `init`: Locust's own listener, which adds reports up, comes after it.
        events.worker_report.add_listener(self._bound_report)
        # A test that brings a function of its own is imported later, and so has its way.
        stats.bucket_response_time = resolution.bucket
        after_init(self._after_init)

    def test_document(self) -> dict[str, Any]:
        """As GET /cluster/nodes shows the test: where a run goes, and who decides about users."""
        assert self._facts is not None  # noqa: S101 (for mypy)
        return {"target": self._facts.target, "load": self._facts.load.to_document()}

    @property
    def is_busy(self) -> bool:
        """Must this master be left alone?"""
        return self.controller is not None and self.controller.is_busy

    @property
    def active(self) -> str | None:
        """Id of the run that is not over."""
        run = self.controller.active if self.controller else None
        return run.id if run else None

    def report_dropped(self, reason: str) -> None:
        """What a worker has counted is lost: the run that goes on says so."""
        active = self.controller.active if self.controller else None
        if active is not None and active.times.started is not None:
            active.figures.drop_report(reason)

    def begin_leave(self, leaving: Leaving) -> None:
        """A worker of this machine leaves."""
        if self.controller:
            self.controller.machine_leaves(leaving)

    def end_leave(self, client_id: str) -> None:
        """This worker has left in order: it is not lost."""
        active = self.controller.active if self.controller else None
        if active is not None:
            active.workers.losses.excuse(client_id)

    def start(
        self, environment: Environment, web_ui: WebUI, nodes: Nodes, fleets: Fleets
    ) -> Blueprint:
        """To be called at `init`; returns the routes."""
        runner = environment.runner
        assert isinstance(runner, MasterRunner)  # noqa: S101 (for mypy)
        facts = self._facts = TestFacts(environment)
        release = self._settings.release.resolve().name
        current_json = self._settings.release / "current.json"
        supply_file = self._settings.state_dir / SUPPLY_FILE
        class_stats = ClassStats(environment)
        events.worker_report.add_listener(class_stats.add)
        fleet_stats = FleetStats(environment, lambda: self._regions(current_json))
        locust = LocustControl(environment, runner, web_ui, facts, class_stats)

        def activate(run: Run, folder: RunFolder) -> ActiveRun:
            sinks = [FolderSink(folder)]
            recorder = Recorder(run, sinks, environment, runner, nodes, fleet_stats)
            return ActiveRun(run, folder, locust, recorder, Judge(run, runner, class_stats))

        controller = Controller(
            locust,
            RunMaker(self._archive, self._settings.cluster, self._identity, facts),
            ConnectedWorkers(
                nodes,
                count=lambda: runner.worker_count,
                # Not once at the start: another number of workers restarts nothing.
                manifest=lambda: read_manifest(current_json),
                is_updating=lambda: is_updating(self._settings.state_dir, release, time.time()),
                supply=lambda: read_supply(supply_file, time.monotonic()),
            ),
            self.hold,
            activate,
        )
        dispatchers = Dispatchers(lambda: controller.shares, fleets, controller.tell_absent)
        patch(environment, "dispatcher_class", dispatchers.make)
        events.test_start.add_listener(controller.test_start)
        events.test_stopping.add_listener(controller.test_stopping)
        events.test_stop.add_listener(controller.test_stop)
        events.reset_stats.add_listener(controller.reset_stats)
        # Locust calls these last to first: ours comes before its own, which stops the test.
        events.quitting.add_listener(controller.quitting)
        end_from_master(runner, controller.end_by_test)
        self.controller = controller
        self._stats = runner.stats
        own = [runner.stats, class_stats.stats]
        gevent.spawn(keep_bounded, lambda: [*own, *fleet_stats.all()])
        self._go_on(controller)
        needs_file = self._settings.run_dir / NEEDS_FILE
        NeedsReporter(needs_file, lambda: needs_of(controller.active)).start()
        return run_routes(controller, self._archive, web_ui)

    @listener
    def _after_init(self, environment: Environment) -> None:
        if self._facts is not None:
            self._facts.look(environment)
            begin_afresh(environment)

    @listener
    def _bound_report(self, data: dict[str, Any], **_: object) -> None:
        if self._stats is None or self.controller is None:
            return
        active = self.controller.active
        bound_report(data, self._stats, (active.facts.request if active else NOTHING).judges)

    def _regions(self, current_json: Path) -> dict[str, str]:
        """By the names of the fleets and of the machines beside them, which are in ours."""
        fleets = read_manifest(current_json).fleets
        home = {FIXED_WORKERS: self._settings.bucket_region}
        return {name: fleet.region for name, fleet in fleets.items()} | home if fleets else {}

    def _go_on(self, controller: Controller) -> None:
        try:
            if waiting := recover(self._archive, time.time()):
                controller.resume(waiting)
        except Exception:
            # Whatever is in those folders, this master must start.
            logger.exception("the runs of the master before this one cannot be taken over")
