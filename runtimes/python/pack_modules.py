"""Moves Python modules into one file, from which `packed_modules.py` loads them on the machines."""

import ast
import importlib.util
import marshal
from pathlib import Path

import packed_modules

READER = Path(packed_modules.__file__)
NO_PACKAGES = {"bin", READER.name}
# Python reads `.pth` files in the order of their names, and those of packages may import some.
PTH = "0-packed-modules.pth"

PLACES = {"__file__", "__path__"}
LISTINGS = {"listdir", "scandir", "iterdir", "glob", "rglob", "iglob", "walk", "getsourcefile"}


def pack_modules(folder: Path, known: bool) -> None:
    """Pack modules with their byte code: all if the packages are known, else as far as it is safe.

    Raises OSError.
    """
    index: dict[str, tuple[int, int]] = {}
    with (folder / packed_modules.NAME).open("wb") as packed:
        for module in modules_of(folder, known):
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


def modules_of(folder: Path, known: bool) -> list[Path]:
    """Modules of all packages, or of those only that work without the files of their modules."""
    modules: list[Path] = []
    for entry in sorted(folder.iterdir()):
        sources = sorted([entry, *entry.rglob("*.py")])
        sources = [source for source in sources if source.suffix == ".py" and source.is_file()]
        if entry.name in NO_PACKAGES or (not known and any(map(may_read_modules, sources))):
            continue
        modules += filter(is_found_first, sources)
    return modules


def may_read_modules(module: Path) -> bool:
    """Whether a module may open files of modules: it knows a place, and lists it or names files.

    Data that it finds by `__file__` is no reason: data stays where it is.
    """
    try:
        tree = ast.parse(module.read_bytes())
    except (SyntaxError, ValueError):
        return True
    words: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.alias(name=word):
                words.add(word)
            case ast.Constant(value=str(text)) if text.endswith(".py"):
                words |= LISTINGS
    return bool(words & PLACES and words & LISTINGS)


def is_found_first(source: Path) -> bool:
    """Whether Python takes this file for its module: an extension goes before it."""
    return byte_code(source).exists() and not any(source.parent.glob(f"{source.stem}.*so"))


def byte_code(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(source))
