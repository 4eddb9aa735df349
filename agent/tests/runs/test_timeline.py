"""The rows of a run's timeline: whole ones only, whatever happened to the one that wrote them."""

import os
from pathlib import Path
from typing import Any

import pytest
from run_states import ROW

from locust_cluster.common.iso_time import iso
from locust_cluster.runs import timeline
from locust_cluster.runs.archive import RunFolder
from locust_cluster.runs.timeline import Rows


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    later = {**ROW, "time": "2026-11-21T11:04:34.120Z", "cpu": ""}
    for row in (ROW, later):
        folder.append("timeline.csv", timeline.header(ROW), timeline.to_line(row))
    assert folder.timeline() == Rows([ROW, later], 0)
    assert folder.timeline(ROW["time"]).good == [later]


FLEETS: dict[str, Any] = {
    "eu-2": {"users": 8, "rps": 10.25, "failures_per_s": 0.0, "p95_ms": 296.0},
    "workers": {"users": 2, "rps": 0.0, "failures_per_s": 1e-05, "p95_ms": None},
}


@pytest.mark.parametrize("fleets", [FLEETS, {}])
def test_the_rows_of_a_cluster_with_fleets_have_a_column_more(
    tmp_path: Path, fleets: dict[str, Any]
) -> None:
    folder, row = RunFolder(tmp_path), {**ROW, "fleets": fleets}
    folder.append("timeline.csv", timeline.header(row), timeline.to_line(row))
    assert folder.timeline() == Rows([row], 0)
    assert timeline.header(row) == timeline.header(ROW)[:-1] + ",fleets\n"


@pytest.mark.parametrize("left", ["eu", "eu:1/2/3", "eu:1/2/3/4/5", "eu:-/2/3/4", "eu:a:1/2/3/4"])
def test_a_row_whose_fleets_are_none_is_passed_over(tmp_path: Path, left: str) -> None:
    line = timeline.to_line({**ROW, "fleets": {}})[:-1] + left + "\n"
    (tmp_path / "timeline.csv").write_text(timeline.header({**ROW, "fleets": {}}) + line)
    assert RunFolder(tmp_path).timeline() == Rows([], 1)


def test_a_row_that_a_crash_has_cut_off_is_left_out(tmp_path: Path) -> None:
    whole = timeline.header(ROW) + timeline.to_line(ROW)
    for cut in range(len(whole)):
        (tmp_path / "timeline.csv").write_text(whole[:cut])
        assert RunFolder(tmp_path).timeline() == Rows([], 0)
    (tmp_path / "timeline.csv").write_text(whole + "2026-11-21T11:0")
    assert RunFolder(tmp_path).timeline() == Rows([ROW], 0)


@pytest.mark.parametrize("left", ["2026-11-21T11:0", "a" * 5000, "\0\0", '"open', ",,,,,,,,,,,,,,"])
def test_a_row_that_is_none_is_passed_over_and_counted(tmp_path: Path, left: str) -> None:
    later = {**ROW, "time": "2026-11-21T11:04:34.120Z"}
    lines = [timeline.header(ROW), timeline.to_line(ROW), left + "\n", timeline.to_line(later)]
    (tmp_path / "timeline.csv").write_text("".join(lines))
    assert RunFolder(tmp_path).timeline() == Rows([ROW, later], 1)


DAY = 12_000
"""Rows of a file that is looked at from its end in several steps."""


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = tmp_path_factory.mktemp("long")
    lines = [timeline.to_line({**ROW, "time": iso(2 * row)}) for row in range(DAY)]
    (folder / "timeline.csv").write_text(timeline.header(ROW) + "".join(lines) + "1970-01-0")
    return RunFolder(folder)


@pytest.mark.parametrize("since", [0, 1, 1000, DAY - 5000, DAY - 600, DAY - 2, DAY - 1])
def test_finds_the_rows_later_than_a_time(long_run: RunFolder, since: int) -> None:
    rows = long_run.timeline(iso(2 * since), 3)
    expected = [iso(2 * row) for row in range(since + 1, min(since + 4, DAY))]
    assert [row["time"] for row in rows.good] == expected
    assert rows.more == (since + 4 < DAY)


def test_reads_no_more_than_the_end_for_the_newest_rows(
    long_run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(names: list[str], line: str) -> dict[str, Any]:
        read.append(line)
        return timeline.read_row(names, line)

    monkeypatch.setattr("locust_cluster.runs.timeline_file.read_row", counted)
    assert len(long_run.timeline(iso(2 * DAY - 6)).good) == 2
    assert long_run.last_row() == {**ROW, "time": iso(2 * DAY - 2)}
    assert len(read) < DAY / 5


def test_a_disk_that_becomes_full_in_a_row_keeps_the_rows_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path)
    folder.append("timeline.csv", timeline.header(ROW), timeline.to_line(ROW))
    write = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda file, content: write(file, content[:20]))
        with pytest.raises(OSError, match="No space left"):
            folder.append("timeline.csv", timeline.header(ROW), timeline.to_line(ROW))
    later = {**ROW, "time": "2026-11-21T11:04:34.120Z"}
    folder.append("timeline.csv", timeline.header(ROW), timeline.to_line(later))
    assert folder.timeline() == Rows([ROW, later], 0)


def test_cpu_of_each_process() -> None:
    def process(index: int, state: str, cpu: float) -> dict[str, Any]:
        return {"index": index, "state": state, "cpu_usage": cpu}

    nodes = [
        {"name": "master", "role": "master", "processes": [], "expected_processes": 0},
        {
            **{"name": "worker-1", "role": "worker", "expected_processes": 3},
            "processes": [process(1, "running", 41.4), process(2, "missing", 9)],
        },
    ]
    assert timeline.cpu_column(nodes) == "worker-1:41/-/-"
