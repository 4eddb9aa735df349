"""Root never acts through a folder of Locust's user: what a test could plant there."""

import os
import pwd
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cluster import USERS
from copied_runs import CountingStore, new_run, uploader
from test_convergence import Machine

from locust_cluster.common.process_status import (
    is_testing,
    read_process_status,
    write_process_status,
)
from locust_cluster.service.import_check import give


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path / "machine", monkeypatch)


def test_a_restart_writes_nothing_where_a_link_leads(machine: Machine, tmp_path: Path) -> None:
    machine.processes()
    victim = tmp_path / "victim"
    before = sorted(path.name for path in machine.settings.run_dir.iterdir())
    (machine.settings.run_dir / "updating").symlink_to(victim)
    machine.publish(2, USERS)
    machine.convergence.look(0)
    assert len(machine.commands) == 1
    assert not victim.exists()
    after = sorted(path.name for path in machine.settings.run_dir.iterdir())
    assert after == sorted([*before, "updating"])


def plant_fifo(place: Path) -> None:
    os.mkfifo(place)


def plant_link(place: Path) -> None:
    secret = place.with_name("secret")
    write_process_status(secret, "failed", "what only root may read")
    place.symlink_to(secret)


def plant_nonsense(place: Path) -> None:
    place.write_text('{"state": "connected", "pid": "x", "time": "y", "testing": true}')


def plant_levels(place: Path) -> None:
    place.write_text("[" * 60_000)


def plant_too_much(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(1 << 40)


@pytest.mark.parametrize(
    "plant", [plant_fifo, plant_link, plant_nonsense, plant_levels, plant_too_much]
)
def test_reads_no_state_but_a_process_s_own_file(
    tmp_path: Path, plant: Callable[[Path], None]
) -> None:
    """A FIFO would keep the agent service waiting for ever."""
    file = tmp_path / "process-1.json"
    plant(file)
    assert read_process_status(file, time.monotonic()) is None
    assert not is_testing(tmp_path, time.monotonic())


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    return CountingStore(tmp_path / "store")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return new_run(tmp_path)


def test_follows_no_link_out_of_the_folder(tmp_path: Path, store: CountingStore, run: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (run / "link").symlink_to(tmp_path / "secret")
    (run / "folder").mkdir()
    (tmp_path / "runs" / "notes").mkdir()
    uploader(tmp_path, store).look(0)
    assert store.taken() == ["timeline.csv", "run.json"]


def test_waits_for_no_fifo_and_enters_no_linked_folder(
    tmp_path: Path, store: CountingStore, run: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret").touch()
    (tmp_path / "runs" / "20261123-110432").symlink_to(elsewhere)
    fifo = tmp_path / "runs" / "20261122-110432"
    fifo.mkdir()
    os.mkfifo(fifo / "run.json")
    os.mkfifo(run / "pipe")
    uploader(tmp_path, store).look(0)
    assert store.taken() == ["timeline.csv", "run.json"]


def test_a_run_json_of_too_many_levels_keeps_no_other_here(
    tmp_path: Path, store: CountingStore, run: Path
) -> None:
    nested = run.with_name("20300101-000000")
    nested.mkdir()
    (nested / "run.json").write_text("[" * 200_000)
    uploader(tmp_path, store).look(0)
    assert "timeline.csv" in store.taken()


def test_gives_the_folder_away_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its new owner could put a link in the place of a folder inside, and so get any file."""
    folder, victim = tmp_path / "check", tmp_path / "victim"
    for place in (folder / "work", victim):
        place.mkdir(parents=True)
        (place / "passwd").write_text("")
    given: list[Path] = []

    def chown(path: Path, _uid: int, _gid: int, follow_symlinks: bool = True) -> None:
        assert not follow_symlinks
        given.append(path.parent.resolve() / path.name)
        if path == folder:
            (folder / "work").rename(folder / "moved")
            (folder / "work").symlink_to(victim)

    monkeypatch.setattr(os, "chown", chown)
    give(folder, pwd.getpwuid(os.getuid()))
    assert given == [folder / "work", folder / "work" / "passwd", folder]
