"""Brings a run of the API from its wait for the workers to the end of its time."""

import logging

import gevent

from locust_cluster.runs.active_run import ActiveRun
from locust_cluster.runs.duration import in_words
from locust_cluster.runs.readiness import Readiness, readiness
from locust_cluster.runs.surroundings import Surroundings

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5


def drive(active: ActiveRun, master: Surroundings) -> None:
    """Returns when the run is to be stopped, or is over. A greenlet of its own; never raises."""
    try:
        if _wait_for_workers(active, master) and _start(active, master):
            _hold_run_time(active)
    except Exception as error:
        logger.exception("run %s failed", active.run.id)
        reason = f"an error in the run controller, see master.log: {type(error).__name__}: {error}"
        if active.run.started is None:
            active.close("failed", reason)
        else:
            active.ending = active.ending or ("failed", reason)


def _wait_for_workers(active: ActiveRun, master: Surroundings) -> bool:
    run = active.run
    deadline = run.created + run.request.wait_timeout
    while True:
        found = _look(active, master)
        missing = "the master is changing to another test"
        if not master.is_updating():
            missing = found.missing or ""
        if not missing:
            return True
        active.explain(f"waiting: {missing}")
        if active.clock.now() >= deadline:
            waited = in_words(run.request.wait_timeout)
            active.close("failed", f"not ready after {waited}: {missing}")
            return False
        gevent.sleep(LOOK_EVERY_S)


def _look(active: ActiveRun, master: Surroundings) -> Readiness:
    run = active.run
    run.nodes = master.nodes()
    found = readiness(run.nodes, run.bundle, master.runner.worker_count, run.request.expect_workers)
    run.connected, run.expected = found.connected, found.expected
    return found


def _start(active: ActiveRun, master: Surroundings) -> bool:
    active.explain(None)
    active.enter("starting")
    active.open_log()
    master.control.start(active.run.request)
    while active.run.states.now == "starting":
        # `test_start` moves it on, after the user's own listeners, which may take their time.
        gevent.sleep(0.1)
        error = master.control.start_error()
        if error and active.run.states.now == "starting":
            active.close("failed", error)
            return False
    return active.run.states.now == "running"


def _hold_run_time(active: ActiveRun) -> None:
    run = active.run
    if run.request.run_time is None or run.started is None:
        return
    gevent.sleep(max(0.0, run.started + run.request.run_time - active.clock.now()))
    active.ending = active.ending or ("finished", "its run time is over")
