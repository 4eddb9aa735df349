"""The folder of runs: readable whatever happened to the one that wrote it."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from run_states import ROW, begun

from locust_cluster.runs import timeline
from locust_cluster.runs.archive import Archive
from locust_cluster.runs.recovery import recover
from locust_cluster.runs.run_log import RunLog
from locust_cluster.runs.timeline import Rows


def test_two_runs_of_one_second_do_not_share_a_folder(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "runs")
    ids = [archive.create(0, "a").id for _ in range(3)]
    assert ids == ["19700101-000000-a", "19700101-000000-a-2", "19700101-000000-a-3"]
    assert archive.ids() == sorted(ids, reverse=True)


@pytest.mark.parametrize("run", ["..", ".", "", "nothing", "20261121-110432/../..", "/etc"])
def test_finds_runs_only(tmp_path: Path, run: str) -> None:
    assert Archive(tmp_path).folder(run) is None
    assert Archive(tmp_path).document(run) is None


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
