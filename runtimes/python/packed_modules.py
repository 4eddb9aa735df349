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
from collections.abc import Iterator
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
    SourcelessFileLoader,
)
from types import ModuleType

ROOT = os.path.dirname(os.path.abspath(__file__))
NAME = "packed-modules"
FILE = os.path.join(ROOT, NAME)
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
    """Finds the modules of one folder: packed ones, and files such as extensions."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.prefix = f"{folder}/".removeprefix(f"{ROOT}/")
        self.files = FileFinder(
            folder,
            (ExtensionFileLoader, EXTENSION_SUFFIXES),
            (SourceFileLoader, SOURCE_SUFFIXES),
            (SourcelessFileLoader, BYTECODE_SUFFIXES),
        )

    def find_spec(self, fullname: str, target: ModuleType | None = None) -> ModuleSpec | None:
        place = self.prefix + fullname.rpartition(".")[2]
        if f"{place}/__init__.py" in INDEX:
            spec = _spec(fullname, f"{ROOT}/{place}/__init__.py")
            spec.submodule_search_locations = [f"{ROOT}/{place}"]
            return spec
        if f"{place}.py" in INDEX:
            return _spec(fullname, f"{ROOT}/{place}.py")
        return self.files.find_spec(fullname, target)

    def invalidate_caches(self) -> None:
        self.files.invalidate_caches()

    def iter_modules(self, prefix: str = "") -> Iterator[tuple[str, bool]]:
        """For `pkgutil`, with which packages list their own modules."""
        import pkgutil  # few need it, and each start would wait for it

        # The types know no `iter_importer_modules`, which any finder may use.
        found = dict(pkgutil.iter_importer_modules(self.files, prefix))  # type: ignore[attr-defined]
        for path in INDEX:
            if not path.startswith(self.prefix) or not path.endswith(".py"):
                continue
            name, *rest = path[len(self.prefix) :].removesuffix(".py").split("/")
            if name != "__init__" and rest in ([], ["__init__"]):
                found[prefix + name] = bool(rest)
        yield from sorted(found.items())


def _spec(fullname: str, path: str) -> ModuleSpec:
    spec = ModuleSpec(fullname, PackedLoader(fullname, path), origin=path)
    spec.has_location = True  # gives the module its `__file__`
    return spec


def find_packed(folder: str) -> PackedFinder:
    """The hook for `sys.path_hooks`. Raises ImportError for folders of others."""
    if folder != ROOT and not folder.startswith(f"{ROOT}/"):
        raise ImportError("not a folder of packed modules")
    return PackedFinder(folder)


def install() -> None:
    with open(FILE, "rb") as file:
        file.seek(-LENGTH_BYTES, os.SEEK_END)
        length = int.from_bytes(file.read(LENGTH_BYTES), "little")
        file.seek(-LENGTH_BYTES - length, os.SEEK_END)
        INDEX.update(marshal.loads(file.read(length)))  # noqa: S302 (from our own archive)
    sys.path_hooks.insert(0, find_packed)
    sys.path_importer_cache.pop(ROOT, None)  # left by the import of this module
