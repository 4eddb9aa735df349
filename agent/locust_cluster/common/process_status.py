"""Status of a Locust process, as a file for the agent service: process-<n>.json, run folder."""

import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.checked_json import DamagedError, read_table

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
        if state and state.testing and now - state.time <= HANGS_AFTER_S:
            return True
    return False


def read_process_status(file: Path, now: float) -> ProcessStatus | None:
    """How a process said it is; None when it never said, and `disconnected` when it is silent.

    `now` by the steady clock.
    """
    try:
        state = ProcessStatus(**read_table(file))
    except (OSError, DamagedError, TypeError):
        return None
    if type(state.pid) is not int or type(state.time) is not float:
        return None
    if state.state == "connected" and (now - state.time > HANGS_AFTER_S or not _lives(state.pid)):
        return replace(state, state="disconnected")
    return state


def is_running(status: ProcessStatus | None) -> bool:
    """Does a process have something to bring to its end?"""
    return status is not None and status.state not in ("failed", "left") and _lives(status.pid)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
