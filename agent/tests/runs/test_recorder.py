"""What is on record of a run while it goes on."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from locust.env import Environment
from locust.stats import RequestStats

from locust_cluster.runs.archive import Archive
from locust_cluster.runs.recorder import Recorder
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run


def begun(tmp_path: Path) -> tuple[Run, Recorder, RequestStats]:
    folder = Archive(tmp_path).create(1000, None)
    run = Run(folder.id, "api", 1000, RunRequest(), "example", "b", {})
    run.enter("running", 1000)
    run.started = run.measured_from = 1000
    environment = Environment()
    runner: Any = SimpleNamespace(
        stats=environment.stats, exceptions={}, worker_count=2, user_count=1, clients={}
    )
    return run, Recorder(run, folder, environment, runner, lambda: []), environment.stats


def test_counts_the_workers_that_are_lost(tmp_path: Path) -> None:
    run, recorder, _ = begun(tmp_path)
    clients: Any = recorder._runner.clients
    clients.update({name: SimpleNamespace(state="running", cpu_usage=0) for name in ("a", "b")})
    recorder.observe(1002)
    clients["b"].state = "missing"
    recorder.observe(1004)
    expected = {"count": 1, "first_s": 4, "back_s": None}
    assert run.to_document(1004)["lost_workers"] == expected
    run.enter("stopping", 1005)
    clients.clear()
    recorder.observe(1006)
    assert run.to_document(1006)["lost_workers"] == expected


def test_the_names_add_up_to_all_requests_at_any_moment(tmp_path: Path) -> None:
    run, recorder, stats = begun(tmp_path)
    for row in range(1, 8):
        for name in ("/item", "/checkout"):
            stats.log_request("GET", name, 10, 100)
        recorder.observe(1000 + 2 * row)
        assert run.total is not None
        assert run.total["requests"] == 2 * row
        assert [each["requests"] for each in run.requests] == [row, row]
