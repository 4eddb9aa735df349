"""The folder of runs: readable whatever happened to the one that wrote it."""

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from run_states import bring, make_run

from locust_cluster.common.constants import RunState
from locust_cluster.common.iso_time import iso
from locust_cluster.runs import timeline
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.recovery import REASON, recover
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run_log import RunLog
from locust_cluster.runs.timeline import Rows
from locust_cluster.runs.verdicts import NEVER_JUDGED

ROW: dict[str, Any] = {
    "time": "2026-11-21T11:04:32.120Z",
    "elapsed_s": 2.0,
    "phase": "measuring",
    "users": 10,
    "rps": 12.5,
    "failures_per_s": 0.0,
    "requests": 25,
    "failures": 0,
    "p50_ms": None,
    "p95_ms": 296.0,
    "p99_ms": 1050.0,
    "workers": 2,
    "cpu_max": 41.0,
    "cpu_mean": 38.5,
    "cpu": "worker-1:41/36",
    "marks": "spot: i-0abc, fleet eu, leaves",
}


def begun(archive: Archive, created: float, state: RunState) -> RunFolder:
    folder = archive.create(created, None)
    run = make_run(RunRequest(run_time=60), created, folder.id)
    if state == "cancelled":
        bring(run, "waiting", created)
        run.apply("stopped_early", created)
    else:
        bring(run, state, created)
    if state == "running":
        run.times.started = created
    folder.write_run(run.to_document(created))
    return folder


def test_two_runs_of_one_second_do_not_share_a_folder(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "runs")
    ids = [archive.create(0, "a").id for _ in range(3)]
    assert ids == ["19700101-000000-a", "19700101-000000-a-2", "19700101-000000-a-3"]
    assert archive.ids() == sorted(ids, reverse=True)


@pytest.mark.parametrize("run", ["..", ".", "", "nothing", "20261121-110432/../..", "/etc"])
def test_finds_runs_only(tmp_path: Path, run: str) -> None:
    assert Archive(tmp_path).folder(run) is None
    assert Archive(tmp_path).document(run) is None


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


def test_marks_what_was_running_as_interrupted(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    folder = begun(archive, 1000, "running")
    verdict = {"expression": "p95 < 1s", "passed": None, "message": "not judged yet"}
    folder.write_run({**(folder.document() or {}), "verdicts": [verdict]})
    row = {**ROW, "time": iso(1033)}
    folder.append("timeline.csv", timeline.header(ROW), timeline.to_line(row))
    done = begun(archive, 2000, "cancelled")
    before = done.document()
    assert recover(Archive(tmp_path), 5000) is None
    document = folder.document()
    assert document is not None
    assert (document["state"], document["reason"]) == ("interrupted", REASON)
    assert document["states"][-1] == {
        **{"state": "interrupted", "time": iso(5000), "reason": REASON},
    }
    assert document["ended"] == iso(1033)
    assert document["progress"] == {"elapsed_s": 33, "run_time_s": 60, "phase": "over"}
    assert [each["message"] for each in document["verdicts"]] == [NEVER_JUDGED]
    assert done.document() == before


@pytest.mark.parametrize("figures", [None, {}, {"eu": {"users_max": 4, "now": {"users": 3}}}])
def test_no_fleet_has_a_present_load_in_an_interrupted_run(
    tmp_path: Path, figures: dict[str, Any] | None
) -> None:
    folder = begun(Archive(tmp_path), 1000, "running")
    more = {} if figures is None else {"fleet_figures": figures}
    folder.write_run({**(folder.document() or {}), **more})
    recover(Archive(tmp_path), 5000)
    expected = figures and {"eu": {"users_max": 4, "now": None}}
    assert (folder.document() or {}).get("fleet_figures") == expected


def test_goes_on_waiting_for_the_newest_run_that_waits(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    old, new = begun(archive, 1000, "waiting"), begun(archive, 2000, "waiting")
    found = recover(archive, 3000)
    assert found is not None
    assert found.folder.id == new.id
    assert (old.document() or {})["state"] == "interrupted"


NOT_OF_THIS_RUN = [
    *("", "{", "[]", '{"state"', "{}", "[" * 200_000),
    '{"state": [], "id": "19700101-001640"}',
    '{"state": "gone", "id": "19700101-001640"}',
    '{"state": "running"}',
    '{"state": "running", "id": "19700101-001641"}',
]


@pytest.mark.parametrize("content", NOT_OF_THIS_RUN)
def test_passes_over_a_folder_without_a_readable_run(tmp_path: Path, content: str) -> None:
    archive = Archive(tmp_path)
    folder = begun(archive, 1000, "running")
    (folder.path / "run.json").write_text(content)
    assert list(archive.documents()) == []
    assert recover(archive, 2000) is None


def test_a_damaged_run_keeps_no_other_from_its_end(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    whole, damaged = begun(archive, 1000, "running"), begun(archive, 2000, "running")
    (damaged.path / "run.json").write_text(json.dumps({"state": "running", "id": damaged.id}))
    assert recover(archive, 3000) is None
    assert (whole.document() or {})["state"] == "interrupted"


def plant_fifo(place: Path) -> None:
    os.mkfifo(place)


def plant_link(place: Path) -> None:
    place.symlink_to(place.rename(place.parents[1] / "elsewhere"))


@pytest.mark.parametrize("plant", [plant_fifo, plant_link])
def test_reads_and_writes_plain_files_only(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    """A FIFO would keep the master waiting for ever."""
    archive = Archive(tmp_path / "runs")
    folder = begun(archive, 1000, "running")
    folder.append("timeline.csv", timeline.header(ROW), timeline.to_line(ROW))
    for name in ("run.json", "timeline.csv", "master.log"):
        (folder.path / name).touch()
        if plant is not plant_link:
            (folder.path / name).unlink()
        plant(folder.path / name)
    assert folder.document() is None
    assert (folder.timeline(), folder.last_row(), folder.files()) == (Rows([], 0), None, [])
    with pytest.raises(FileNotFoundError):
        folder.append("timeline.csv", timeline.header(ROW), timeline.to_line(ROW))
    log = RunLog(folder.path / "master.log")
    log.start()
    assert log not in logging.getLogger().handlers
    assert recover(archive, 2000) is None


def test_a_linked_folder_is_no_run(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "runs")
    folder = begun(archive, 1000, "running")
    folder.path.rename(tmp_path / "elsewhere")
    folder.path.symlink_to(tmp_path / "elsewhere")
    assert archive.folder(folder.id) is None


def test_a_file_of_the_test_that_cannot_be_opened_keeps_no_run_from_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begun(Archive(tmp_path), 0, "running")
    (folder.path / "a-file-of-the-test").touch(mode=0)
    opened, synced = os.open, []

    def refuse(path: Path, flags: int) -> int:
        # root may open everything
        if path.name == "a-file-of-the-test":
            raise PermissionError(13, "Permission denied", str(path))
        descriptor = opened(path, flags)
        synced.append(path)
        return descriptor

    monkeypatch.setattr(os, "open", refuse)
    folder.sync()
    assert synced == [folder.path / "run.json", folder.path]
