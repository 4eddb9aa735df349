"""Our part in a Locust worker."""

import time
from dataclasses import replace
from typing import Any

import gevent
from locust import events
from locust.env import Environment
from locust.runners import STATE_RUNNING, STATE_SPAWNING, WorkerRunner

from locust_cluster.common.constants import REPORT_KEY
from locust_cluster.common.identity import Identity, identify, to_report
from locust_cluster.common.listener import listener
from locust_cluster.common.manifest import Manifest
from locust_cluster.common.process_status import ProcessState, write_process_status
from locust_cluster.common.settings import Settings
from locust_cluster.plugin import runs_on_worker
from locust_cluster.plugin.after_init import after_init
from locust_cluster.plugin.state_reporter import StateReporter
from locust_cluster.plugin.workers import master_loss
from locust_cluster.plugin.workers.introduction import introduce
from locust_cluster.plugin.workers.leave import Leave

READY_AFTER_S = 2
"""After `init`: what a listener has started there may still end the process."""

SILENT_AFTER_S = 5
"""The master answers every heartbeat, one a second; five without an answer are no accident."""


def install(settings: Settings, manifest: Manifest) -> None:
    """Tell the master who this is, and the agent service how it is."""
    identity = identify(settings, manifest)
    start_check = StartCheck()

    def present_identity() -> Identity:
        return replace(identity, is_ready=start_check.is_ready)

    @listener
    def add_identity(data: dict[str, Any], **_: object) -> None:
        data[REPORT_KEY] = to_report(present_identity())

    @listener
    def start(environment: Environment, **_: object) -> None:
        runner = environment.runner
        if isinstance(runner, WorkerRunner):
            master_loss.notice_soon(runner)

    def report(environment: Environment) -> None:
        runner = environment.runner
        if isinstance(runner, WorkerRunner):
            leave = Leave(settings, identity, runner)
            leave.install()
            reporter = _reporter(settings, runner, start_check, leave)
            events.test_start.add_listener(reporter.report_start)
            reporter.start()

    @listener
    def quitting(**_: object) -> None:
        write_process_status(settings.process_file, "disconnected")

    introduce(present_identity)
    runs_on_worker.install(settings.work_dir / settings.process_name)
    after_init(start_check.begin)
    after_init(report)
    # At once and not at `init`: the first report leaves as soon as the worker is connected.
    events.report_to_master.add_listener(add_identity)
    events.init.add_listener(start)
    events.quitting.add_listener(quitting)


class StartCheck:
    """Is this worker past its first seconds?"""

    def __init__(self) -> None:
        self.is_ready = False

    def begin(self, environment: Environment) -> None:
        """The test's `init` listeners have run."""
        runner = environment.runner

        def become_ready() -> None:
            self.is_ready = True
            if isinstance(runner, WorkerRunner):
                runner._send_stats()  # Locust's own report may be three seconds away

        gevent.spawn_later(READY_AFTER_S, become_ready)


def _reporter(
    settings: Settings, runner: WorkerRunner, start_check: StartCheck, leave: Leave
) -> StateReporter:
    connected_at = time.time()

    def state() -> ProcessState:
        if leave.is_done:
            return "left"
        if not start_check.is_ready:
            return "starting"
        heard = runner.last_heartbeat_timestamp or connected_at
        return "connected" if time.time() - heard < SILENT_AFTER_S else "disconnected"

    def testing() -> bool:
        return runner.worker_state in (STATE_SPAWNING, STATE_RUNNING)

    return StateReporter(settings, state, testing)
