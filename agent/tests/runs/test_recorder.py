"""What is on record of a run while it goes on."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from locust.env import Environment
from locust.stats import RequestStats, StatsEntry
from run_states import bring, make_run
from worker_messages import report

from locust_cluster.common.constants import REPORT_KEY, RUN_DETAILS
from locust_cluster.common.documents import api
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.fleet_stats import FleetStats
from locust_cluster.runs.folder_sink import FolderSink
from locust_cluster.runs.recorder import Recorder
from locust_cluster.runs.run import Run, to_summary
from locust_cluster.runs.sink import Row


def begun(
    tmp_path: Path, regions: Mapping[str, str] = MappingProxyType({})
) -> tuple[Run, Recorder, RequestStats]:
    folder = Archive(tmp_path).create(1000, None)
    run = make_run(created=1000, name=folder.id)
    bring(run, "running", 1000)
    run.times.started = run.times.measured_from = 1000
    environment = Environment()
    runner: Any = SimpleNamespace(
        stats=environment.stats, exceptions={}, worker_count=2, user_count=1, clients={}
    )
    return (
        run,
        Recorder(
            run,
            [FolderSink(folder)],
            environment,
            runner,
            lambda: [],
            FleetStats(environment, lambda: regions),
        ),
        environment.stats,
    )


def test_counts_the_workers_that_are_lost(tmp_path: Path) -> None:
    run, recorder, _ = begun(tmp_path)
    clients: Any = recorder._runner.clients
    clients.update({name: SimpleNamespace(state="running", cpu_usage=0) for name in ("a", "b")})
    recorder.observe(1002)
    clients["b"].state = "missing"
    recorder.observe(1004)
    expected = {"count": 1, "first_s": 4, "back_s": None}
    assert run.to_document(1004)["lost_workers"] == expected
    run.apply("users_stopping", 1005)
    clients.clear()
    recorder.observe(1006)
    assert run.to_document(1006)["lost_workers"] == expected


def test_the_names_add_up_to_all_requests_at_any_moment(tmp_path: Path) -> None:
    run, recorder, stats = begun(tmp_path)
    for row in range(1, 8):
        for name in ("/item", "/checkout"):
            stats.log_request("GET", name, 10, 100)
        recorder.observe(1000 + 2 * row)
        assert run.figures.total is not None
        assert run.figures.total["requests"] == 2 * row
        assert [each["requests"] for each in run.figures.requests] == [row, row]


def test_a_cluster_without_fleets_has_no_word_of_them(tmp_path: Path) -> None:
    run, recorder, stats = begun(tmp_path)
    recorder.begin()
    stats.log_request("GET", "/item", 10, 100)
    recorder.observe(1002)
    assert not {"fleet_figures", "fleet_requests"} & run.to_document(1002).keys()
    assert "fleets" not in RunFolder(tmp_path / run.id).timeline().good[0]


def test_the_fleets_are_on_record_with_the_run(tmp_path: Path) -> None:
    run, recorder, stats = begun(tmp_path, {"eu": "eu-central-1", "workers": "us-east-1"})
    recorder.begin()
    assert run.to_document(1000)["fleet_figures"] == {}
    data = {**report(), REPORT_KEY: {"fleet": "eu"}}
    stats.total.extend(StatsEntry.unserialize(data["stats_total"], stats))
    recorder._environment.events.worker_report.fire(client_id="a", data=data)
    clients: Any = recorder._runner.clients
    clients["a"] = SimpleNamespace(state="running", cpu_usage=0, user_count=1)
    recorder.observe(1002)
    document = run.to_document(1002)
    figures = document["fleet_figures"]["eu"]
    assert document["fleet_figures"].keys() == {"eu"}
    assert (figures["region"], figures["users_max"]) == ("eu-central-1", 1)
    assert figures["total"] == document["total"]
    assert figures["now"] == document["now"]
    assert document["fleet_requests"] == {}
    recorder.last_files(1002)
    document = run.to_document(1002)
    (row,) = document["fleet_requests"]["eu"]
    assert (row["name"], row["requests"]) == ("/page/0", 20)
    line = RunFolder(tmp_path / run.id).timeline().good[0]
    assert line["fleets"] == {
        "eu": {name: line[name] for name in ("users", "rps", "failures_per_s", "p95_ms")}
    }
    run.apply("users_stopping", 1003)
    run.apply("run_time_over", 1003)
    assert run.to_document(1003)["fleet_figures"]["eu"] == {**figures, "now": None}
    assert to_summary(run.to_document(1003)).keys() == run.to_document(1003).keys() - {*RUN_DETAILS}


class Collector:
    """A sink of another kind."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.files: dict[str, str] = {}
        self.documents: list[api.Run] = []

    def add_row(self, row: Row) -> None:
        self.rows.append(row)

    def write_file(self, name: str, content: str) -> None:
        self.files[name] = content

    def write_run(self, document: api.Run) -> None:
        self.documents.append(document)

    def close(self, document: api.Run, files: Mapping[str, str]) -> None:
        self.files.update(files)
        self.write_run(document)


def test_every_sink_gets_the_same(tmp_path: Path) -> None:
    run, recorder, stats = begun(tmp_path)
    collectors = [Collector(), Collector()]
    recorder.sinks = collectors
    stats.log_request("GET", "/item", 10, 100)
    for row in range(1, 6):
        recorder.observe(1000 + 2 * row)
    one, other = collectors
    assert [row.figures["elapsed_s"] for row in one.rows] == [2, 4, 6, 8, 10]
    assert one.rows[0].history_line.count(",") == one.rows[0].history_header.count(",")
    assert one.files.keys() == {"stats.csv", "failures.csv", "exceptions.csv"}
    assert one.documents == [run.to_document(1010)]
    assert vars(one) == vars(other)


def test_a_disk_that_is_full_disturbs_nothing_and_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run, recorder, _ = begun(tmp_path)
    with monkeypatch.context() as full:

        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        full.setattr(RunFolder, "append", fail)
        for row in range(1, 4):
            recorder.observe(1000 + 2 * row)
    expected = f"run {run.id} cannot be written, the test goes on: [Errno 28] No space left"
    assert [each.message[: len(expected)] for each in caplog.records] == [expected]
    recorder.observe(1008)
    folder = RunFolder(tmp_path / run.id)
    assert [each["elapsed_s"] for each in folder.timeline().good] == [8]
