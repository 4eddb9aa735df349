"""Tells what `deploy` has to know of a test before a machine runs it, as JSON.

Nothing of the test is executed. Usage: inspect_test.py FOLDER LOCUSTFILE...
"""

import ast
import json
import os
import sys
import tomllib
from pathlib import Path

SKIPPED = {".git", ".venv", "__pycache__"}
"""Folders that are not sent to the machines (lib/model/bundle.ts)."""


def inspect(folder: Path, locustfiles: list[str]) -> dict[str, object]:
    found: dict[str, object] = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    found["options"] = [
        *conf_options(folder / "locust.conf"),
        *pyproject_options(folder / "pyproject.toml"),
    ]
    files = [file for name in locustfiles for file in loaded(folder / name)]
    found["locustfiles"] = [str(file.relative_to(folder)) for file in files]
    for file in files:
        if error := syntax_error(file):
            found["error"] = {"file": str(file.relative_to(folder)), **error}
            break
    return found


def loaded(path: Path) -> list[Path]:
    """What Locust loads for one `-f`: of a folder all below it (locust/util/directory.py)."""
    if not path.is_dir():
        return [path]
    files: list[Path] = []
    for root, folders, names in os.walk(path):
        folders[:] = [name for name in folders if name not in SKIPPED]
        files += [
            Path(root, name) for name in names if name.endswith(".py") and not name.startswith("_")
        ]
    return sorted(files)


def syntax_error(path: Path) -> dict[str, object] | None:
    try:
        ast.parse(path.read_bytes(), filename=path.name)
    except SyntaxError as error:
        return {"line": error.lineno, "message": error.msg}
    except ValueError as error:
        # What ast says of a null byte, or of bytes that are not UTF-8.
        return {"line": None, "message": str(error)}
    return None


def conf_options(path: Path) -> list[dict[str, object]]:
    """Keys of locust.conf, which Locust reads from its working directory."""
    if not path.is_file():
        return []
    lines = path.read_text(errors="replace").splitlines()
    return [
        {"file": path.name, "line": number, "key": line.replace(":", "=").split("=")[0].split()[0]}
        for number, line in enumerate(map(str.strip, lines), 1)
        if line and line[0] not in "#;[-=:"
    ]


def pyproject_options(path: Path) -> list[dict[str, object]]:
    """Keys of [tool.locust] in pyproject.toml, which Locust reads too."""
    if not path.is_file():
        return []
    text = path.read_text(errors="replace")
    try:
        table = tomllib.loads(text).get("tool", {}).get("locust", {})
    except tomllib.TOMLDecodeError:
        return []
    return [{"file": path.name, "line": toml_line(text, key), "key": key} for key in table]


def toml_line(text: str, key: str) -> int | None:
    """Of the key in [tool.locust]: tomllib tells no lines. None when it is written otherwise."""
    is_locusts = False
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if line.startswith("["):
            is_locusts = line.split("#")[0].strip() == "[tool.locust]"
        elif is_locusts and line.split("=")[0].strip().strip("\"'") == key:
            return number
    return None


if __name__ == "__main__":
    print(json.dumps(inspect(Path(sys.argv[1]), sys.argv[2:])))
