"""The end of this machine's last attempt to update, good or bad: the time of a file, and its lock.

Sixteen workers that start together must not wait for an unreachable bucket one after the other. The
first boot writes the file too (boot/environment.sh). Imports as little as it can: every Locust
process waits for it.
"""

import fcntl
import os
import time

FILE = "update.lock"
"""In the state folder. Who updates holds its lock."""

DONE = "updated\n"
"""What is in it after the first attempt."""


def is_since(last: os.stat_result, since: float) -> bool:
    """Did the last attempt end after this time?"""
    # A time to come is that of a clock that was set back since.
    return last.st_size > 0 and since <= last.st_mtime <= time.time()


def is_recent(state_dir: str, recent_s: float) -> bool:
    """Did the last attempt end in the last `recent_s` seconds, and is there none under way?"""
    try:
        # Without pathlib, whose import takes longer than all of this.
        with open(f"{state_dir}/{FILE}", "rb") as file:  # noqa: PTH123
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return is_since(os.fstat(file.fileno()), time.time() - recent_s)
    except OSError:
        return False
