"""Status of a Locust process, as a file for the agent service: process-<n>.json, run folder."""

import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.checked_json import DamagedError, number, read_table

ProcessState = Literal["starting", "connected", "disconnected", "failed", "left"]
"""`left`: in order, for good (plugin/workers/leave.py)."""

HANGS_AFTER_S = 15
"""A process writes every 5 s at the latest; three missed writes mean that it hangs."""


@dataclass(frozen=True)
class ProcessStatus:
    """One Locust process."""

    state: ProcessState
    pid: int
    time: float
    """When this was written, by the steady clock that all processes of a machine share."""
    message: str | None = None
    """Why it failed: one sentence."""
    testing: bool = False
    """A test is on: nothing must be restarted."""
    release: str | None = None
    """What it runs: the name of a folder in `release`."""


def process_file(run_dir: Path, index: int) -> Path:
    """Of the process with this number on its machine, from 1."""
    return run_dir / f"process-{index}.json"


def write_process_status(
    file: Path,
    state: ProcessState,
    message: str | None = None,
    testing: bool = False,
    release: str | None = None,
) -> None:
    """Say how this process is. Raises OSError."""
    now = time.monotonic()
    write_json(file, asdict(ProcessStatus(state, os.getpid(), now, message, testing, release)))


def is_testing(folder: Path, now: float) -> bool:
    """Is a test on, on this machine? `now` by the steady clock.

    A process that has just died in a test counts: it is to come back to the same test.
    """
    for file in folder.glob("process-*.json"):
        state = read_process_status(file, now)
        if state and state.testing and _is_fresh(state, now):
            return True
    return False


def read_process_status(file: Path, now: float) -> ProcessStatus | None:
    """How a process said it is; None when it never said, and `disconnected` when it is silent.

    The test may write there, too, and who reads goes on whatever it writes.
    `now` by the steady clock.
    """
    try:
        state = ProcessStatus(**read_table(file))
        number(state.time)
    except (OSError, DamagedError, TypeError):
        return None
    is_whole = type(state.pid) is int and type(state.time) is float and type(state.testing) is bool
    if not is_whole or state.state not in get_args(ProcessState):
        return None
    if not all(each is None or type(each) is str for each in (state.message, state.release)):
        return None
    if state.time - now > HANGS_AFTER_S:
        return None  # far ahead
    if state.state == "connected" and not (_is_fresh(state, now) and _lives(state.pid)):
        return replace(state, state="disconnected")
    return state


def is_running(status: ProcessStatus | None) -> bool:
    """Does a process have something to bring to its end?"""
    return status is not None and status.state not in ("failed", "left") and _lives(status.pid)


def _is_fresh(status: ProcessStatus, now: float) -> bool:
    """It may have been written since `now`."""
    return abs(now - status.time) <= HANGS_AFTER_S


def _lives(pid: int) -> bool:
    if pid <= 0:
        return False  # those are groups of processes
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
