"""Moves Python modules into one file, from which `packed_modules.py` loads them on the machines."""

import importlib.util
import marshal
import re
from importlib.metadata import Distribution
from pathlib import Path

import packed_modules

READER = Path(packed_modules.__file__)
# Python reads `.pth` files in the order of their names, and those of packages may import some.
PTH = "0-packed-modules.pth"


def pack_modules(folder: Path, lock: Path) -> None:
    """Pack the modules of the lock's packages, with their byte code.

    Those of a test's own packages stay files: a package may look for its modules in many ways.
    Raises OSError.
    """
    index: dict[str, tuple[int, int]] = {}
    with (folder / packed_modules.NAME).open("wb") as packed:
        for module in own_modules(folder, lock):
            for file in (module, byte_code(module)):
                content = file.read_bytes()
                index[file.relative_to(folder).as_posix()] = packed.tell(), len(content)
                packed.write(content)
                file.unlink()
        head = marshal.dumps(index)
        packed.write(head + len(head).to_bytes(packed_modules.LENGTH_BYTES, "little"))
    for cache in folder.rglob("__pycache__"):
        if not any(cache.iterdir()):
            cache.rmdir()
    (folder / PTH).write_text(f"import {READER.stem}; {READER.stem}.install()\n")


def own_modules(folder: Path, lock: Path) -> list[Path]:
    """Modules of the packages that the lock names, in just its version."""
    pinned = set(re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE))
    names = {(normalized(name), version) for name, version in pinned}
    modules: list[Path] = []
    for information in sorted(folder.glob("*.dist-info")):
        distribution = Distribution.at(information)
        name = normalized(distribution.metadata["Name"])
        if (name, distribution.version) in names:
            files = [folder / file for file in distribution.files or []]
            modules += [file for file in files if can_be_packed(file, folder)]
    return sorted(modules)


def can_be_packed(file: Path, folder: Path) -> bool:
    """Whether Python takes this file for its module, in a package that has an `__init__.py`.

    An extension of the same name goes before it. The parts of a package without `__init__.py` are
    found by its folder, which several packages may share.
    """
    if file.suffix != ".py" or not file.is_relative_to(folder) or ".." in file.parts:
        return False
    parents = file.relative_to(folder).parents[:-1]
    return (
        byte_code(file).exists()
        and not any(file.parent.glob(f"{file.stem}.*so"))
        and all((folder / parent / "__init__.py").exists() for parent in parents)
    )


def normalized(name: str) -> str:
    """As PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def byte_code(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(source))
