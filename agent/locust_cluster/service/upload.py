"""Copies runs to the store, beside Locust: S3 can neither slow nor end a load test.

A file goes there when it has changed: at most COPY_EVERY_S old while its run lasts, and at once
when the run is over. run.json goes last, so that what the store calls finished is complete. Of a
file that only grows, no more than its last segment goes again (segments.py).
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.constants import COPY_EVERY_S, OVER_STATES, RUN_FILE, RUNS
from locust_cluster.common.iso_time import iso
from locust_cluster.common.plain_files import PlainFolder, Stamp
from locust_cluster.common.run_id import RUN_ID
from locust_cluster.service import segments
from locust_cluster.service.backoff import Backoff
from locust_cluster.service.journal import say
from locust_cluster.service.store import Store, StoreError, UnreachableError

LOOK_EVERY_S = 2

MOST_PENDING = 100

NOT_YET = "the agent has just started"


@dataclass
class _Copy:
    """What the store has of one run."""

    stamps: dict[str, Stamp] = field(default_factory=dict)
    whole: dict[str, int] = field(default_factory=dict)
    """Segments of a growing file that are complete there."""
    due: float = 0.0
    backoff: Backoff = field(default_factory=Backoff)
    error: str | None = None


@dataclass(frozen=True)
class UploadState:
    """How far the copies are, for the ledger."""

    pending: tuple[str, ...] = ()
    """Runs that the store does not have to their end, newest first; at most MOST_PENDING."""
    error: str | None = NOT_YET
    """Why the last copy did not work; None when it did."""
    copied: str | None = None
    """When the store last had everything, but for the last COPY_EVERY_S of a run under way.

    None when it never had.
    """


class Uploader:
    """Of one master. Times in seconds of a steady clock."""

    def __init__(self, runs_dir: Path, state_dir: Path, open_store: Callable[[], Store]) -> None:
        self._runs_dir = runs_dir
        self._done_file = state_dir / "uploaded-runs.json"
        self._copied_file = state_dir / "copied.json"
        self._open_store = open_store
        self._store: Store | None = None
        self._copies: dict[str, _Copy] = {}
        self._done = self._read_done()
        self._backoff = Backoff()
        self._copied_due = 0.0
        self.state = UploadState(copied=self._read_copied())
        """To be read by other threads: replaced as a whole."""

    def run_forever(self) -> None:
        """For a thread of its own. Never ends, never raises."""
        while True:
            try:
                self.look(time.monotonic())
            except Exception as error:
                self.state = replace(self.state, error=f"{type(error).__name__}: {error}")
                say(f"runs: {self.state.error}")
            time.sleep(LOOK_EVERY_S)

    def look(self, now: float) -> None:
        """Copy what is due, the newest run first. What fails is tried again later."""
        if now < self._backoff.until:
            return
        try:
            folder = PlainFolder(self._runs_dir)
        except FileNotFoundError:
            self._conclude([], None, now)
            return
        with folder:
            try:
                for run in self._runs(folder):
                    self._try(folder, run, now)
            except UnreachableError as error:
                wait_s = self._backoff.failed(now)
                say(f"runs stay on this machine for now: {error}; again in {wait_s} s")
                self._conclude(self._runs(folder), str(error), now)
            else:
                self._backoff.worked()
                pending = self._runs(folder)
                errors = [text for run in pending if (text := self._error(run))]
                self._conclude(pending, errors[0] if errors else None, now)

    def _error(self, run: str) -> str | None:
        copy = self._copies.get(run)
        return f"run {run}: {copy.error}" if copy and copy.error else None

    def _conclude(self, pending: list[str], error: str | None, now: float) -> None:
        copied = self.state.copied if error else iso(time.time())
        self.state = UploadState(tuple(pending[:MOST_PENDING]), error, copied)
        if error is None and now >= self._copied_due:
            self._copied_due = now + COPY_EVERY_S
            # On a full disk: the next agent then knows of an older copy only.
            with suppress(OSError):
                write_json(self._copied_file, {"copied": copied})

    def _try(self, folder: PlainFolder, run: str, now: float) -> None:
        """One run that cannot be copied keeps no other here. Raises UnreachableError."""
        copy = self._copies.setdefault(run, _Copy())
        if now < copy.backoff.until:
            return
        try:
            with PlainFolder(run, folder) as files:
                self._copy(run, files, copy, now)
        except UnreachableError:
            raise
        except (StoreError, OSError) as error:
            wait_s = copy.backoff.failed(now)
            copy.error = str(error)
            say(f"run {run} stays on this machine for now: {error}; again in {wait_s} s")
        else:
            copy.backoff.worked()
            copy.error = None

    def _copy(self, run: str, folder: PlainFolder, copy: _Copy, now: float) -> None:
        is_over = _is_over(folder)
        if not is_over and now < copy.due:
            return
        for name, stamp in _in_order(folder.files()):
            if copy.stamps.get(name) != stamp:
                self._store = self._store or self._open_store()
                first = copy.whole.get(name, 0)
                for index, content in segments.read(folder, name, first):
                    self._store.put(f"{RUNS}{run}/{segments.key(name, index)}", content)
                    if len(content) == segments.BYTES:
                        copy.whole[name] = index + 1
                copy.stamps[name] = stamp
        copy.due = now + COPY_EVERY_S
        if is_over:
            self._done.add(run)
            self._copies.pop(run)
            write_json(self._done_file, {"runs": sorted(self._done)})

    def _runs(self, folder: PlainFolder) -> list[str]:
        names = [n for n in folder.folders() if RUN_ID.fullmatch(n) and n not in self._done]
        return sorted(names, reverse=True)

    def _read_copied(self) -> str | None:
        """What the agent before knew: at most COPY_EVERY_S older than that."""
        try:
            copied = json.loads(self._copied_file.read_bytes())["copied"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return copied if isinstance(copied, str) else None

    def _read_done(self) -> set[str]:
        try:
            return set(json.loads(self._done_file.read_bytes())["runs"])
        except (OSError, ValueError, KeyError, TypeError):
            return set()


def _is_over(folder: PlainFolder) -> bool:
    try:
        return json.loads(folder.read(RUN_FILE))["state"] in OVER_STATES
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def _in_order(files: dict[str, Stamp]) -> list[tuple[str, Stamp]]:
    shown = [item for item in files.items() if not item[0].startswith(".")]
    return sorted(shown, key=lambda item: (item[0] == RUN_FILE, item[0]))
