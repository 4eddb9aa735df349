"""The controller by itself; with a real Locust it is seen in test_runs.py."""

from types import SimpleNamespace
from typing import Any, cast

import gevent
import pytest

from locust_cluster.runs.clock import RunClock
from locust_cluster.runs.controller import Controller
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.surroundings import Surroundings


def test_stops_locust_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locust answers a second stop at once: the run would be over while its test still ends,

    and that end would be taken for the end of the next run.
    """
    monkeypatch.setattr("locust_cluster.runs.controller.drive", lambda *_: gevent.sleep(60))
    stops: list[str] = []

    def stop() -> None:
        stops.append("stop")
        gevent.sleep(0.1)

    control = SimpleNamespace(stop=stop)
    controller = Controller(cast(Surroundings, SimpleNamespace(control=control)))
    request = RunRequest(user_count=1, run_time=60)
    run = Run("20261121-110432", "api", 0.0, request, "example", "b" * 20, {})
    closed: list[tuple[Any, ...]] = []
    current: Any = SimpleNamespace(
        run=run, ending=None, clock=RunClock(0.0), close=lambda *how: closed.append(how)
    )
    run.enter("running", 0.0)
    run.started = 0.0
    controller._current = current
    controller._drive(current)
    gevent.sleep(0)

    controller.stop(run, "over the API")
    gevent.sleep(0.05)
    assert (stops, closed) == (["stop"], [])
    gevent.sleep(0.2)
    assert (stops, [how[0] for how in closed]) == (["stop"], ["cancelled"])
