"""How far the copies of runs are: what the ledger says, and what the next agent knows of it."""

from pathlib import Path

import pytest
from copied_runs import RUN, CountingStore, new_run, uploader, write_run_state

from locust_cluster.common.constants import COPY_EVERY_S
from locust_cluster.service.upload import NOT_YET, UploadState


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    return CountingStore(tmp_path / "store")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return new_run(tmp_path)


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
