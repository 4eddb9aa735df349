"""Our part in a Locust worker."""

import time
from typing import Any

from locust import events
from locust.env import Environment
from locust.runners import STATE_RUNNING, STATE_SPAWNING, WorkerRunner

from locust_cluster import master_loss
from locust_cluster.current import Current
from locust_cluster.identity import REPORT_KEY, identify, to_report
from locust_cluster.listener import listener
from locust_cluster.process_state import State, write_state
from locust_cluster.runs import on_worker
from locust_cluster.settings import Settings
from locust_cluster.teller import Teller

SILENT_AFTER_S = 5
"""The master answers every heartbeat, one a second; five without an answer are no accident."""


def install(settings: Settings, current: Current) -> None:
    """Tell the master who this is, and the agent service how it is."""
    report = to_report(identify(settings, current))

    @listener
    def introduce(data: dict[str, Any], **_: object) -> None:
        data[REPORT_KEY] = report

    @listener
    def start(environment: Environment, **_: object) -> None:
        runner = environment.runner
        if isinstance(runner, WorkerRunner):
            master_loss.notice_soon(runner)
            teller = _teller(settings, runner)
            events.test_start.add_listener(teller.tell_start)
            teller.start()

    @listener
    def quitting(**_: object) -> None:
        write_state(settings.process_file, "disconnected")

    on_worker.install(settings.work_dir / settings.process_name)
    # At once and not at `init`: the first report leaves as soon as the worker is connected.
    events.report_to_master.add_listener(introduce)
    events.init.add_listener(start)
    events.quitting.add_listener(quitting)


def _teller(settings: Settings, runner: WorkerRunner) -> Teller:
    connected_at = time.time()

    def state() -> State:
        heard = runner.last_heartbeat_timestamp or connected_at
        return "connected" if time.time() - heard < SILENT_AFTER_S else "disconnected"

    def testing() -> bool:
        return runner.worker_state in (STATE_SPAWNING, STATE_RUNNING)

    return Teller(settings, state, testing)
