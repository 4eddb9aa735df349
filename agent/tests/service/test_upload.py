"""Copying runs to the store: what has changed, in time, and when the store is back."""

import os
from pathlib import Path

import pytest
from copied_runs import RUN, CountingStore, new_run, uploader, write_run_state

from locust_cluster.service import segments


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    return CountingStore(tmp_path / "store")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return new_run(tmp_path)


def test_copies_what_has_changed_within_half_a_minute(
    tmp_path: Path, store: CountingStore, run: Path
) -> None:
    copying = uploader(tmp_path, store)
    copying.look(0)
    assert store.taken() == ["timeline.csv", "run.json"]
    (run / "timeline.csv").write_text("time\nrow\n")
    (run / ".run.json-temporary").write_text("{")
    copying.look(2)
    assert store.taken() == []
    copying.look(20)
    assert store.taken() == ["timeline.csv"]
    copying.look(40)
    assert store.taken() == []
    assert (tmp_path / "store/runs" / RUN / "timeline.csv").read_text() == "time\nrow\n"


def test_copies_at_once_when_the_run_is_over_and_never_again(
    tmp_path: Path, store: CountingStore, run: Path
) -> None:
    copying = uploader(tmp_path, store)
    copying.look(0)
    store.taken()
    (run / "report.html").write_text("report")
    write_run_state(run, "finished")
    copying.look(2)
    assert store.taken() == ["report.html", "run.json"]
    for another in (copying, uploader(tmp_path, store)):
        another.look(100)
    assert store.taken() == []


def test_keeps_everything_until_the_store_is_back(
    tmp_path: Path, store: CountingStore, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copying = uploader(tmp_path, store)
    store.reachable = False
    copying.look(0)
    write_run_state(run, "finished")
    copying.look(4)
    assert "runs stay on this machine for now: cannot reach" in capsys.readouterr().err
    store.reachable = True
    copying.look(4.9)
    assert store.taken() == []
    copying.look(5)
    assert store.taken() == ["timeline.csv", "run.json"]


def test_a_new_agent_goes_on_where_the_one_before_was_ended(
    tmp_path: Path, store: CountingStore, run: Path
) -> None:
    uploader(tmp_path, store).look(0)
    store.taken()
    write_run_state(run, "interrupted")
    uploader(tmp_path, store).look(0)
    assert store.taken() == ["timeline.csv", "run.json"]


def test_a_run_that_cannot_be_copied_keeps_no_other_here(
    tmp_path: Path, store: CountingStore, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run_state(run, "finished")
    newer = tmp_path / "runs" / "20261122-110432"
    newer.mkdir()
    write_run_state(newer, "running")
    store.refused = {f"runs/{newer.name}/run.json"}
    copying = uploader(tmp_path, store)
    copying.look(0)
    assert store.taken() == ["timeline.csv", "run.json"]
    said = f"run {newer.name} stays on this machine for now: refused runs/{newer.name}/run.json"
    assert said in capsys.readouterr().err
    store.refused = set()
    copying.look(5)
    assert store.taken() == ["run.json"]


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_sends_of_a_file_that_grows_no_more_than_its_last_segment_again(
    tmp_path: Path, store: CountingStore, run: Path, extra: int
) -> None:
    size = 2 * segments.BYTES + extra
    content = os.urandom(size + 100)
    (run / "timeline.csv").write_bytes(content[:size])
    copying = uploader(tmp_path, store)
    copying.look(0)
    names = [segments.key("timeline.csv", index) for index in range(2 + (extra > 0))]
    assert store.taken() == [*names, "run.json"]
    (run / "timeline.csv").write_bytes(content)
    copying.look(20)
    sent = store.taken()
    assert sent == (["timeline.csv.000001"] if extra < 0 else []) + ["timeline.csv.000002"]
    there = sorted((tmp_path / "store/runs" / RUN).glob("timeline.csv*"))
    assert b"".join(file.read_bytes() for file in there) == content


def test_a_file_that_is_replaced_goes_as_a_whole(
    tmp_path: Path, store: CountingStore, run: Path
) -> None:
    (run / "report.html").write_bytes(bytes(3 * segments.BYTES))
    uploader(tmp_path, store).look(0)
    assert store.taken() == ["report.html", "timeline.csv", "run.json"]


@pytest.mark.usefixtures("run")
def test_copies_the_newest_run_first(tmp_path: Path, store: CountingStore) -> None:
    newer = tmp_path / "runs" / "20261122-110432"
    newer.mkdir()
    (newer / "newest.csv").touch()
    uploader(tmp_path, store).look(0)
    assert store.taken() == ["newest.csv", "timeline.csv", "run.json"]
