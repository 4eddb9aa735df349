"""The end of a run: over for its readers when its files are on the disk, in this order."""

import os
from collections.abc import Mapping
from pathlib import Path

import gevent
import pytest
from run_states import bring, make_run

from locust_cluster.common.documents import api
from locust_cluster.runs import closing
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.clock import RunClock
from locust_cluster.runs.closing import Closing
from locust_cluster.runs.endings import run_time_over
from locust_cluster.runs.folder_sink import FolderSink
from locust_cluster.runs.run import Run
from locust_cluster.runs.sink import Row, Sink


def close(folder: RunFolder, *others: Sink) -> Run:
    run = make_run(created=1000, name=folder.id)
    bring(run, "running", 1000)
    folder.write_run(run.to_document(1000))
    Closing(
        run,
        [FolderSink(folder), *others],
        RunClock(1000),
        run_time_over(),
        {"report.html": "report"},
    ).write()
    return run


def state_on_disk(folder: RunFolder) -> str:
    document = folder.document()
    assert document is not None
    return str(document["state"])


def test_a_run_is_over_after_its_files_are_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Archive(tmp_path).create(1000, None)
    os.mkfifo(folder.path / "pipe")
    (folder.path / "link").symlink_to(tmp_path / "nowhere")
    synced: list[tuple[str, str]] = []
    monkeypatch.setattr(
        os,
        "fsync",
        lambda file: synced.append(
            (Path(f"/proc/self/fd/{file}").readlink().name, state_on_disk(folder))
        ),
    )
    assert close(folder).lifecycle.now == "finished"
    assert {("report.html", "running"), (folder.id, "running")} <= set(synced)
    assert {("run.json", "finished"), (folder.id, "finished")} <= set(synced)


def test_a_disk_that_cannot_be_synced_keeps_a_run_from_being_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Archive(tmp_path).create(1000, None)
    monkeypatch.setattr(closing, "RETRY_S", 0)
    with monkeypatch.context() as broken:

        def fail(_: int) -> None:
            raise OSError(5, "Input/output error")

        broken.setattr(os, "fsync", fail)
        run = close(folder)
        assert (run.lifecycle.now, state_on_disk(folder)) == ("running", "running")
        assert run.lifecycle.reason == (
            "its files cannot be written, trying again: Input/output error"
        )
    gevent.sleep(0.05)
    assert (run.lifecycle.now, state_on_disk(folder)) == ("finished", "finished")


class Listener:
    """A sink of another kind, which wants the end alone."""

    def __init__(self, folder: RunFolder, failures: int) -> None:
        self._folder = folder
        self._failures = failures
        self.ends: list[tuple[str, Mapping[str, str], str]] = []
        """State that it is told, last files, and state on the disk."""

    def add_row(self, row: Row) -> None: ...
    def write_file(self, name: str, content: str) -> None: ...
    def write_run(self, document: api.Run) -> None: ...

    def close(self, document: api.Run, files: Mapping[str, str]) -> None:
        self.ends.append((document["state"], files, state_on_disk(self._folder)))
        if len(self.ends) <= self._failures:
            raise OSError(101, "Network is unreachable")


def test_every_sink_learns_the_end_once_the_first_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Archive(tmp_path).create(1000, None)
    monkeypatch.setattr(closing, "RETRY_S", 0)
    written: list[str] = []
    write = RunFolder.write

    def note(folder: RunFolder, name: str, content: str) -> None:
        written.append(name)
        write(folder, name, content)

    monkeypatch.setattr(RunFolder, "write", note)
    slow, quick = Listener(folder, failures=1), Listener(folder, failures=0)
    run = close(folder, slow, quick)
    reason = "its files cannot be written, trying again: Network is unreachable"
    assert (run.lifecycle.now, run.lifecycle.reason) == ("running", reason)
    gevent.sleep(0.05)
    assert run.lifecycle.now == "finished"
    end = ("finished", {"report.html": "report"}, "finished")
    assert (slow.ends, quick.ends) == ([end, end], [end])
    assert written == ["run.json", "report.html", "run.json"]
