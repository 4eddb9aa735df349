"""Packs a folder of installed packages: python pack.py FOLDER ARCHIVE PYTHON_VERSION LOCK

Written in Python because byte code can only be made by the Python that will read it, and because
tar differs between systems while `tarfile` does not: the same folder gives the same bytes.
"""

import compileall
import gzip
import shutil
import sys
import tarfile
from pathlib import Path
from py_compile import PycInvalidationMode

from pack_modules import READER, pack_modules

# Console scripts carry the path of this computer's Python in their first line; machines start
# `python -m locust`. `.lock` is uv's own.
LEFT_OUT = {"bin", ".lock"}


def compile_folder(folder: Path) -> None:
    """Byte code never compared with its source: file times do not matter, starts are fast."""
    compileall.compile_dir(
        folder,
        quiet=2,
        workers=1,
        stripdir=folder,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )


def normalized(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing of this computer: no owner, no time, no umask."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = 0
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry


def pack(folder: Path, archive: Path) -> None:
    """Writes every file below `folder` in the order of its name."""
    # Level 6: level 9 takes twice as long and saves one part in a hundred.
    with (
        archive.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        for path in sorted(folder.iterdir()):
            if path.name not in LEFT_OUT:
                tar.add(path, arcname=path.name, filter=normalized)


def main(folder: str, archive: str, python_version: str, lock: str) -> None:
    """Only a Python of the machines' version makes byte code and packs modules with it.

    Otherwise all modules stay files, for which the machine makes its own byte code.
    """
    try:
        if f"{sys.version_info.major}.{sys.version_info.minor}" == python_version:
            shutil.copy(READER, folder)
            compile_folder(Path(folder))
            pack_modules(Path(folder), Path(lock))
        pack(Path(folder), Path(archive))
    except OSError as error:
        sys.exit(f"{error.strerror}: {archive}")


if __name__ == "__main__":
    main(*sys.argv[1:])
