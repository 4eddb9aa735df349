"""Reads a folder that belongs to somebody else: follows no link, and waits for nobody.

The agent service is root; the folder of the runs belongs to the user that runs the test. A link
would lead us out of it, and a FIFO would keep us waiting for a writer.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

Stamp = tuple[int, int]
"""Time of change in nanoseconds, and size in bytes."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class PlainFolder:
    """An open folder. Every method raises OSError."""

    def __init__(self, path: Path | str, parent: "PlainFolder | None" = None) -> None:
        within = None if parent is None else parent._descriptor
        self._descriptor: int = os.open(path, _FOLDER, dir_fd=within)

    def __enter__(self) -> "PlainFolder":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)

    def folders(self) -> list[str]:
        """Names of the folders in it."""
        with os.scandir(self._descriptor) as entries:
            return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]

    def files(self) -> dict[str, Stamp]:
        """Names of the plain files in it."""
        with os.scandir(self._descriptor) as entries:
            plain = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
            found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in plain]
        return {name: (status.st_mtime_ns, status.st_size) for name, status in found}

    def read(self, name: str, start: int = 0, length: int = -1) -> bytes:
        """`length` bytes from `start` on, fewer where the file ends; all of them when it is -1."""
        with self._opened(name) as descriptor, os.fdopen(descriptor, "rb", closefd=False) as file:
            file.seek(start)
            return file.read(length)

    @contextmanager
    def _opened(self, name: str) -> Iterator[int]:
        """What was a plain file a moment ago may be something else by now."""
        descriptor = os.open(name, _FILE, dir_fd=self._descriptor)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(f"{name} is not a plain file")
            yield descriptor
        finally:
            os.close(descriptor)
