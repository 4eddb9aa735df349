"""Python modules out of one file, `packed-modules`, as if each lay in its place beside this one.

Runs on the machines, in each Python of the environment: a `.pth` file installs it. A machine takes
a second to write two thousand small files. A zip in `sys.path` would not do: each start of Python
reads its whole directory (40 ms), and a package in it does not find its data by `__file__`.
"""

# pathlib would take longer to load than all of this.
# ruff: noqa: PTH100, PTH118, PTH120, PTH123

import marshal
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

ROOT = os.path.dirname(os.path.abspath(__file__))
NAME = "packed-modules"
# Its real place: the environment that `current` leads to may change while the index is in memory.
FILE = os.path.join(os.path.realpath(ROOT), NAME)
LENGTH_BYTES = 8
"""At the end of the file, for the length of the index, which is before it."""

INDEX: dict[str, tuple[int, int]] = {}
"""Place and length of each packed file: of sources, and of their byte code in `__pycache__`."""


class PackedLoader(SourceFileLoader):
    """Loads as from a folder: names of files in tracebacks, sources and data are those of one."""

    def get_data(self, path: str) -> bytes:
        place = INDEX.get(path.removeprefix(f"{ROOT}/"))
        if place is None:
            return super().get_data(path)
        with open(FILE, "rb") as file:
            file.seek(place[0])
            return file.read(place[1])

    def path_stats(self, path: str) -> dict[str, int]:  # noqa: ARG002 (all are the same)
        # Packed byte code is never compared with its source.
        return {"mtime": 0, "size": 0}


class PackedFinder:
    """Finds packed modules by their names. All others are found as ever, by `sys.path`."""

    @staticmethod
    def find_spec(
        fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        place = fullname.replace(".", "/")
        folder, file = f"{ROOT}/{place}", f"{place}/__init__.py"
        is_package = file in INDEX
        if not is_package:
            file = f"{place}.py"
        if file not in INDEX or not _is_next(fullname, path, target):
            return None
        spec = ModuleSpec(
            fullname, PackedLoader(fullname, f"{ROOT}/{file}"), origin=f"{ROOT}/{file}"
        )
        spec.has_location = True  # gives the module its `__file__`
        spec.submodule_search_locations = [folder] if is_package else None
        return spec


def _is_next(fullname: str, path: Sequence[str] | None, target: ModuleType | None) -> bool:
    """Whether Python would come to the packed module's place before any other of its name."""
    if path is not None:  # of the package it is in, which may be another than the packed one
        return f"{ROOT}/{fullname.rpartition('.')[0].replace('.', '/')}" in path
    if ROOT not in sys.path:
        return False
    earlier = PathFinder.find_spec(fullname, sys.path[: sys.path.index(ROOT)], target)
    return earlier is None or earlier.loader is None  # a folder without `__init__.py` comes last


def install() -> None:
    with open(FILE, "rb") as file:
        file.seek(-LENGTH_BYTES, os.SEEK_END)
        length = int.from_bytes(file.read(LENGTH_BYTES), "little")
        file.seek(-LENGTH_BYTES - length, os.SEEK_END)
        INDEX.update(marshal.loads(file.read(length)))  # noqa: S302 (from our own archive)
    # Behind the finders of built-in modules, before those of `sys.path`.
    sys.meta_path.insert(sys.meta_path.index(PathFinder), PackedFinder)
