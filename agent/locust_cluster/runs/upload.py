"""Copies runs to the store, beside Locust: S3 can neither slow nor end a load test.

A file goes there when it has changed: at most EVERY_S old while its run lasts, and at once when the
run is over. run.json goes last, so that what the store calls finished is complete.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from locust_cluster.atomic import write_json
from locust_cluster.runs.archive import RUN_FILE
from locust_cluster.runs.run_id import RUN_ID
from locust_cluster.runs.states import OVER
from locust_cluster.store import Store, StoreError

EVERY_S = 20
LOOK_EVERY_S = 2
RETRY_S = (5, 10, 20, 30)

Stamp = tuple[int, int]
"""Time of change in nanoseconds, and size."""


@dataclass
class _Copy:
    """What the store has of one run."""

    stamps: dict[str, Stamp] = field(default_factory=dict)
    due: float = 0.0


class Uploader:
    """Of one master. Times in seconds of a steady clock."""

    def __init__(self, runs_dir: Path, state_dir: Path, open_store: Callable[[], Store]) -> None:
        self._runs_dir = runs_dir
        self._done_file = state_dir / "uploaded-runs.json"
        self._open_store = open_store
        self._store: Store | None = None
        self._copies: dict[str, _Copy] = {}
        self._done = self._read_done()
        self._failures = 0
        self._retry_at = 0.0

    def run_forever(self) -> None:
        """For a thread of its own. Never ends, never raises."""
        while True:
            try:
                self.look(time.monotonic())
            except Exception as error:
                print(f"agent: runs: {type(error).__name__}: {error}", file=sys.stderr)
            time.sleep(LOOK_EVERY_S)

    def look(self, now: float) -> None:
        """Copy what is due. A store that cannot be reached is tried again later."""
        if now < self._retry_at:
            return
        try:
            for run in self._runs():
                self._copy(run, now)
        except StoreError as error:
            wait_s = RETRY_S[min(self._failures, len(RETRY_S) - 1)]
            self._failures += 1
            self._retry_at = now + wait_s
            message = f"agent: runs stay on this machine for now: {error}; again in {wait_s} s"
            print(message, file=sys.stderr)
        else:
            self._failures = 0

    def _copy(self, run: Path, now: float) -> None:
        copy = self._copies.setdefault(run.name, _Copy())
        is_over = _is_over(run)
        if not is_over and now < copy.due:
            return
        for file in _files(run):
            self._store = self._store or self._open_store()
            stamp = _stamp(file)
            if stamp and copy.stamps.get(file.name) != stamp:
                self._store.put(f"runs/{run.name}/{file.name}", _read(file))
                copy.stamps[file.name] = stamp
        copy.due = now + EVERY_S
        if is_over:
            self._done.add(run.name)
            self._copies.pop(run.name)
            write_json(self._done_file, {"runs": sorted(self._done)})

    def _runs(self) -> list[Path]:
        try:
            entries = [entry for entry in os.scandir(self._runs_dir) if entry.is_dir()]
        except FileNotFoundError:
            return []
        names = [e.name for e in entries if RUN_ID.fullmatch(e.name) and e.name not in self._done]
        return [self._runs_dir / name for name in sorted(names)]

    def _read_done(self) -> set[str]:
        try:
            return set(json.loads(self._done_file.read_bytes())["runs"])
        except (OSError, ValueError, KeyError, TypeError):
            return set()


def _is_over(run: Path) -> bool:
    try:
        return json.loads(_read(run / RUN_FILE))["state"] in OVER
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _files(run: Path) -> list[Path]:
    names = [entry.name for entry in os.scandir(run) if not entry.name.startswith(".")]
    return [run / name for name in sorted(names, key=lambda name: (name == RUN_FILE, name))]


def _stamp(file: Path) -> Stamp | None:
    """None for what is no plain file: the folder belongs to Locust's user, and we are root."""
    status = file.lstat()
    plain = status.st_mode & 0o170000 == 0o100000
    return (status.st_mtime_ns, status.st_size) if plain else None


def _read(file: Path) -> bytes:
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb") as opened:
        return opened.read()
