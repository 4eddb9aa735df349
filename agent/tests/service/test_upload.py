"""Copying runs to the store: what has changed, in time, and when the store is back."""

import json
import os
from pathlib import Path

import pytest

from locust_cluster.common.constants import COPY_EVERY_S
from locust_cluster.service import segments
from locust_cluster.service.store import FolderStore, StoreError, UnreachableError
from locust_cluster.service.upload import NOT_YET, Uploader, UploadState

RUN = "20261121-110432-checkout"


class CountingStore(FolderStore):
    """A folder that can be out of reach."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reachable = True
        self.refused: set[str] = set()
        self.put_keys: list[str] = []

    def put(self, key: str, content: bytes) -> None:
        if not self.reachable:
            raise UnreachableError(f"cannot reach {key}")
        if key in self.refused:
            raise StoreError(f"refused {key}")
        self.put_keys.append(key.rsplit("/", 1)[1])
        super().put(key, content)

    def taken(self) -> list[str]:
        keys, self.put_keys = self.put_keys, []
        return keys


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    return CountingStore(tmp_path / "store")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / RUN
    folder.mkdir(parents=True)
    (folder / "timeline.csv").write_text("time\n")
    write_run_state(folder, "running")
    return folder


def write_run_state(folder: Path, state: str) -> None:
    (folder / "run.json").write_text(json.dumps({"state": state}))


def uploader(tmp_path: Path, store: CountingStore) -> Uploader:
    (tmp_path / "state").mkdir(exist_ok=True)
    return Uploader(tmp_path / "runs", tmp_path / "state", lambda: store)


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


def test_follows_no_link_out_of_the_folder(tmp_path: Path, store: CountingStore, run: Path) -> None:
    """The agent service is root, the folder belongs to the user's test."""
    (tmp_path / "secret").write_text("secret")
    (run / "link").symlink_to(tmp_path / "secret")
    (run / "folder").mkdir()
    (tmp_path / "runs" / "notes").mkdir()
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


def test_says_what_the_store_lacks_and_since_when(
    tmp_path: Path, store: CountingStore, run: Path
) -> None:
    copying = uploader(tmp_path, store)
    assert copying.state == UploadState((), NOT_YET, None)
    copying.look(0)
    copied = copying.state.copied
    assert copied is not None
    assert copying.state == UploadState((RUN,), None, copied)
    write_run_state(run, "finished")
    store.refused = {f"runs/{RUN}/run.json"}
    copying.look(2)
    error = f"run {RUN}: refused runs/{RUN}/run.json"
    assert copying.state == UploadState((RUN,), error, copied)
    store.reachable = False
    copying.look(10)
    assert copying.state == UploadState((RUN,), f"cannot reach runs/{RUN}/run.json", copied)
    store.reachable, store.refused = True, set()
    copying.look(20)
    assert (copying.state.pending, copying.state.error) == ((), None)
    assert copying.state.copied is not None
    assert copying.state.copied >= copied


@pytest.mark.usefixtures("run")
def test_a_new_agent_knows_since_when_the_store_lacks_runs(
    tmp_path: Path, store: CountingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = uploader(tmp_path, store)
    for now in (0, 2):
        monkeypatch.setattr("time.time", lambda now=now: now)
        first.look(now)
    store.reachable = False
    after_a_reboot = uploader(tmp_path, store)
    assert after_a_reboot.state == UploadState((), NOT_YET, "1970-01-01T00:00:00.000Z")
    (tmp_path / "runs" / RUN / "report.html").touch()
    after_a_reboot.look(0)
    assert after_a_reboot.state == UploadState(
        (RUN,), f"cannot reach runs/{RUN}/report.html", "1970-01-01T00:00:00.000Z"
    )
    store.reachable = True
    monkeypatch.setattr("time.time", lambda: COPY_EVERY_S)
    after_a_reboot.look(COPY_EVERY_S)
    assert uploader(tmp_path, store).state.copied == "1970-01-01T00:00:20.000Z"


@pytest.mark.parametrize("content", ["", "[]", '{"copied": 5}', "{}"])
def test_what_the_agent_before_left_may_be_broken(
    tmp_path: Path, store: CountingStore, content: str
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "copied.json").write_text(content)
    assert uploader(tmp_path, store).state.copied is None


def test_a_full_disk_of_the_agent_is_no_failure_to_copy(
    tmp_path: Path, store: CountingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("locust_cluster.service.upload.write_json", refuse)
    copying = uploader(tmp_path, store)
    copying.look(0)
    assert copying.state.error is None


@pytest.mark.usefixtures("run")
def test_copies_the_newest_run_first(tmp_path: Path, store: CountingStore) -> None:
    newer = tmp_path / "runs" / "20261122-110432"
    newer.mkdir()
    (newer / "newest.csv").touch()
    uploader(tmp_path, store).look(0)
    assert store.taken() == ["newest.csv", "timeline.csv", "run.json"]


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
