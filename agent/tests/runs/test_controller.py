"""The controller by itself; with a real Locust it is seen in test_runs.py."""

from types import SimpleNamespace
from typing import Any, cast

import gevent
import pytest
from run_states import bring, make_run

from locust_cluster.runs.clock import RunClock
from locust_cluster.runs.controller import Controller
from locust_cluster.runs.lifecycle import Ending
from locust_cluster.runs.locust_control import LocustControl
from locust_cluster.runs.request import RunRequest


def test_stops_locust_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locust answers a second stop at once: the run would be over while its test still ends,

    and that end would be taken for the end of the next run.
    """
    monkeypatch.setattr("locust_cluster.runs.controller.drive", lambda *_: gevent.sleep(60))
    stops: list[str] = []

    def stop() -> None:
        stops.append("stop")
        gevent.sleep(0.1)

    nothing: Any = None
    locust = cast(LocustControl, SimpleNamespace(stop=stop))
    controller = Controller(locust, nothing, nothing, nothing, nothing)
    request = RunRequest(user_count=1, run_time=60)
    run = make_run(request)
    closed: list[Ending] = []
    current: Any = SimpleNamespace(
        run=run, clock=RunClock(0.0), close=lambda ending: closed.append(ending)
    )
    bring(run, "running", 0.0)
    run.times.started = 0.0
    controller._current = current
    controller._drive(current)
    gevent.sleep(0)

    controller.stop(run, "over the API")
    gevent.sleep(0.05)
    assert (stops, closed) == (["stop"], [])
    gevent.sleep(0.2)
    assert (stops, [ending.state for ending in closed]) == (["stop"], ["cancelled"])
