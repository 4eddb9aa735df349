"""The folder of all runs of this master: one folder a run.

Files are replaced in one step or only grow, so that a crash at any moment leaves a readable run.
"""

import errno
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from locust_cluster.common.atomic_files import write_atomically
from locust_cluster.common.constants import OVER_STATES, RUN_FILE, RUN_STATES, TIMELINE_FILE
from locust_cluster.common.documents import api
from locust_cluster.common.iso_time import iso
from locust_cluster.common.plain_files import PlainFolder, open_to_append
from locust_cluster.common.run_id import RUN_ID, run_id
from locust_cluster.runs import timeline_file
from locust_cluster.runs.timeline import Rows


class RunFolder:
    """The files of one run. Writing raises OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def id(self) -> str:
        return self.path.name

    def write(self, name: str, content: str) -> None:
        """Replace a file."""
        write_atomically(self.path / name, content.encode())

    def write_run(self, document: Mapping[str, Any]) -> None:
        self.write(RUN_FILE, json.dumps(document, indent=1) + "\n")

    def sync(self) -> None:
        """What was written is on the disk when this returns: it survives a loss of power."""
        with os.scandir(self.path) as entries:
            plain = [Path(entry) for entry in entries if entry.is_file(follow_symlinks=False)]
        for path in [*plain, self.path]:
            try:
                descriptor = os.open(path, os.O_RDONLY)
            except (PermissionError, FileNotFoundError):
                # What a test has put there besides is not ours to wait for.
                continue
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def append(self, name: str, header: str, line: str) -> None:
        """Add a line in one system call: a killed process leaves it whole or leaves it out.

        A disk that becomes full in the middle of it takes the part back.
        """
        file = open_to_append(self.path / name)
        try:
            size = os.fstat(file).st_size
            content = (line if size else header + line).encode()
            if os.write(file, content) < len(content):
                os.ftruncate(file, size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path / name))
        finally:
            os.close(file)

    def open(self, name: str) -> BinaryIO:
        """A file to read. Raises OSError; FileNotFoundError also of what is no plain file."""
        with PlainFolder(self.path) as folder:
            return folder.open(name)

    def document(self) -> dict[str, Any] | None:
        """run.json; None when it is not there or not of this run."""
        try:
            with self.open(RUN_FILE) as file:
                document = json.load(file)
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(document, dict) or document.get("id") != self.id:
            return None
        state = document.get("state")
        return document if isinstance(state, str) and state in RUN_STATES else None

    def timeline(self, since: str = "", limit: int | None = None) -> Rows:
        """Rows later than `since`, the first `limit` of them. Raises OSError."""
        try:
            with self.open(TIMELINE_FILE) as file:
                return timeline_file.read_rows(file, since, limit)
        except FileNotFoundError:
            return Rows([], 0)

    def last_row(self) -> dict[str, Any] | None:
        """Of the timeline. Raises OSError."""
        try:
            with self.open(TIMELINE_FILE) as file:
                return timeline_file.last_row(file)
        except FileNotFoundError:
            return None

    def files(self) -> list[api.RunFile]:
        """What a client may fetch; temporary files begin with a dot. Raises OSError."""
        with PlainFolder(self.path) as folder:
            found = sorted(folder.files().items())
        return [
            {"name": name, "bytes": size, "modified": iso(changed / 1e9)}
            for name, (changed, size) in found
            if not name.startswith(".")
        ]


class Archive:
    """All runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._over: dict[str, dict[str, Any]] = {}

    def create(self, created: float, name: str | None) -> RunFolder:
        """Make the folder of a new run. Raises OSError."""
        self.root.mkdir(parents=True, exist_ok=True)
        attempt = 1
        while True:
            path = self.root / run_id(created, name, attempt)
            try:
                path.mkdir()
            except FileExistsError:
                attempt += 1
            else:
                return RunFolder(path)

    def folder(self, run: str) -> RunFolder | None:
        """The folder of a run, None when there is none."""
        path = self.root / run
        is_folder = RUN_ID.fullmatch(run) and path.is_dir() and not path.is_symlink()
        return RunFolder(path) if is_folder else None

    def document(self, run: str) -> dict[str, Any] | None:
        """run.json of a run; one that is over is read once."""
        if run in self._over:
            return self._over[run]
        folder = self.folder(run)
        document = folder.document() if folder else None
        if document and document["state"] in OVER_STATES:
            self._over[run] = document
        return document

    def ids(self) -> list[str]:
        """Newest first."""
        try:
            names = [entry.name for entry in os.scandir(self.root) if RUN_ID.fullmatch(entry.name)]
        except FileNotFoundError:
            return []
        return sorted(names, reverse=True)

    def documents(self) -> Iterator[dict[str, Any]]:
        """Newest first; folders without a readable run.json are passed over."""
        for run in self.ids():
            if document := self.document(run):
                yield document
