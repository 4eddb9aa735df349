"""Opens files in a folder where others write too: follows no link, and waits for nobody.

The agent service is root; the folder of the runs belongs to the user that runs the test, and the
test can write there as the master does. A link would lead us out of it, and a FIFO would keep us
waiting for its other end.
"""

import errno
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

Stamp = tuple[int, int]
"""Time of change in nanoseconds, and size in bytes."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_PLAIN = os.O_NOFOLLOW | os.O_NONBLOCK
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND

_NOT_PLAIN = frozenset({errno.ELOOP, errno.ENXIO})
"""What open(2) says of a link with O_NOFOLLOW, and of a socket or a FIFO that nobody reads."""


class NotPlainError(FileNotFoundError):
    """Something is there, but no plain file."""


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
        with self.open(name) as file:
            file.seek(start)
            return file.read(length)

    def open(self, name: str) -> BinaryIO:
        """A file to read. NotPlainError, a FileNotFoundError, of what is no plain file."""
        return os.fdopen(_open(name, os.O_RDONLY, self._descriptor), "rb")


def open_to_append(path: Path) -> int:
    """Descriptor of a file that is made when it is not there. Raises OSError."""
    return _open(path, _APPEND)


def _open(path: Path | str, flags: int, folder: int | None = None) -> int:
    """What was a plain file a moment ago may be something else by now."""
    try:
        descriptor = os.open(path, flags | _PLAIN, 0o644, dir_fd=folder)
    except OSError as error:
        if error.errno in _NOT_PLAIN:
            raise _not_plain(path) from None
        raise
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise _not_plain(path)


def _not_plain(path: Path | str) -> NotPlainError:
    return NotPlainError(errno.ENOENT, "not a plain file", str(path))
