"""What the agent service believes of the file of a Locust process: the test can write it, too."""

import json
import os
import time
from pathlib import Path

import pytest

from locust_cluster.common.process_status import (
    HANGS_AFTER_S,
    is_running,
    is_testing,
    read_process_status,
    write_process_status,
)

NOW = 1000.0


def write(folder: Path, **changes: object) -> Path:
    file = folder / "process-1.json"
    status = {"state": "connected", "pid": os.getpid(), "time": NOW, "testing": True}
    file.write_text(json.dumps({**status, **changes}))
    return file


def test_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "process-1.json"
    write_process_status(file, "connected", "well", True, "r1")
    status = read_process_status(file, time.monotonic())
    assert status
    told = (status.state, status.pid, status.message, status.testing, status.release)
    assert told == ("connected", os.getpid(), "well", True, "r1")
    assert is_running(status)
    assert is_testing(tmp_path, time.monotonic())


@pytest.mark.parametrize("pid", [10**30, 2**31, 0, -1, -(10**30)])
def test_a_number_that_no_process_has_is_that_of_none(tmp_path: Path, pid: int) -> None:
    status = read_process_status(write(tmp_path, pid=pid), NOW)
    assert status is not None
    assert status.state == "disconnected"
    assert not is_running(status)


@pytest.mark.parametrize("state", ["starting", "failed", "left"])
def test_what_a_process_has_said_last_holds_when_it_is_gone(tmp_path: Path, state: str) -> None:
    status = read_process_status(write(tmp_path, state=state, pid=2**31), NOW + 600)
    assert status is not None
    assert status.state == state
    assert not is_running(status)


@pytest.mark.parametrize(
    "change",
    [
        *({"time": float("nan")}, {"time": float("inf")}, {"time": 1000}, {"testing": "yes"}),
        *({"pid": True}, {"pid": 1.0}, {"state": "well"}, {"state": ["connected"]}),
        *({"message": {"a": 1}}, {"release": 5}, {"more": 1}),
    ],
    ids=str,
)
def test_is_none_when_it_is_damaged(tmp_path: Path, change: dict[str, object]) -> None:
    assert read_process_status(write(tmp_path, **change), NOW) is None
    assert not is_testing(tmp_path, NOW)


@pytest.mark.parametrize(
    ("off", "state"),
    [
        *((-HANGS_AFTER_S - 1, "disconnected"), (-HANGS_AFTER_S, "connected")),
        *((HANGS_AFTER_S, "connected"), (HANGS_AFTER_S + 1, None), (1e308, None)),
    ],
)
def test_an_old_time_and_one_far_ahead_say_nothing(
    tmp_path: Path, off: float, state: str | None
) -> None:
    status = read_process_status(write(tmp_path, time=NOW + off), NOW)
    assert (status and status.state) == state
    assert is_testing(tmp_path, NOW) is (state == "connected")
