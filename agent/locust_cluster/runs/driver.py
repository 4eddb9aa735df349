"""Brings a run of the API from its wait for the workers to the end of its time."""

import logging

import gevent

from locust_cluster.runs.active_run import ActiveRun
from locust_cluster.runs.connected_workers import ConnectedWorkers
from locust_cluster.runs.duration import in_words
from locust_cluster.runs.endings import run_time_over
from locust_cluster.runs.lifecycle import Ending
from locust_cluster.runs.locust_control import LocustControl
from locust_cluster.runs.run_fleets import why_more_than_asked

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5


def drive(active: ActiveRun, locust: LocustControl, workers: ConnectedWorkers) -> None:
    """Returns when the run is to be stopped, or is over. A greenlet of its own; never raises."""
    try:
        if _wait_for_workers(active, workers) and _start(active, locust):
            _hold_run_time(active)
    except Exception as error:
        logger.exception("run %s failed", active.run.id)
        reason = f"an error in the run controller, see master.log: {type(error).__name__}: {error}"
        failure = Ending("driver_failed", reason)
        if active.run.times.started is None:
            active.close(failure)
        else:
            active.run.lifecycle.will_end(failure)


def _wait_for_workers(active: ActiveRun, workers: ConnectedWorkers) -> bool:
    run, request = active.run, active.run.facts.request
    deadline = run.facts.created + request.wait_timeout
    while missing := (awaited := workers.look(run)).missing:
        if awaited.is_hopeless:
            active.close(Ending("fleet_removed", missing))
            return False
        if awaited.machines is None and run.lifecycle.now == "scaling":
            active.explain(None)
            active.apply("machines_joined")
        active.explain(missing)
        if active.clock.now() >= deadline:
            return _begin_with_fewer(active, awaited.usable, missing)
        gevent.sleep(LOOK_EVERY_S)
    active.explain(None)
    active.apply("workers_ready", why_more_than_asked(run.workers.fleets))
    return True


def _begin_with_fewer(active: ActiveRun, usable: int, missing: str) -> bool:
    """It has waited for long enough."""
    request = active.run.facts.request
    waited, least = in_words(request.wait_timeout), request.min_processes
    if least and usable >= least:
        active.apply("workers_ready", f"begins with {usable} processes after {waited}: {missing}")
        return True
    few = f"; 'min_processes' is {least}, {usable} could begin" if least else ""
    active.close(Ending("wait_timed_out", f"not ready after {waited}: {missing}{few}"))
    return False


def _start(active: ActiveRun, locust: LocustControl) -> bool:
    active.open_log()
    locust.start(active.run.facts.request)
    while active.run.lifecycle.now == "starting":
        # `test_start` moves it on, after the user's own listeners, which may take their time.
        gevent.sleep(0.1)
        error = locust.start_error()
        if error and active.run.lifecycle.now == "starting":
            active.close(Ending("start_failed", error))
            return False
    return active.run.lifecycle.now == "running"


def _hold_run_time(active: ActiveRun) -> None:
    run = active.run
    if run.facts.request.run_time is None or run.times.started is None:
        return
    gevent.sleep(max(0.0, run.times.started + run.facts.request.run_time - active.clock.now()))
    run.lifecycle.will_end(run_time_over())
