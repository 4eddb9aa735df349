"""The end of a run: over for its readers when its files are on the disk, in this order."""

import os
from pathlib import Path

import gevent
import pytest
from run_states import bring

from locust_cluster.runs import closing
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.clock import RunClock
from locust_cluster.runs.closing import Closing
from locust_cluster.runs.endings import run_time_over
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run


def close(folder: RunFolder) -> Run:
    run = Run(folder.id, "api", 1000, RunRequest(), "example", "b", {})
    bring(run, "running", 1000)
    folder.write_run(run.to_document(1000))
    Closing(run, folder, RunClock(1000), run_time_over(), {"report.html": "report"}).write()
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
