"""Tells what `deploy` has to know of a test before a machine runs it, as JSON.

Nothing of the test is executed. Usage: inspect_test.py FOLDER LOCUSTFILE
"""

import ast
import json
import sys
import tomllib
from pathlib import Path


def inspect(folder: Path, locustfile: str) -> dict[str, object]:
    path = folder / locustfile
    found: dict[str, object] = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    found["options"] = [
        *conf_options(folder / "locust.conf"),
        *pyproject_options(folder / "pyproject.toml"),
    ]
    try:
        ast.parse(path.read_bytes(), filename=locustfile)
    except SyntaxError as error:
        found["error"] = {"line": error.lineno, "message": error.msg}
    except ValueError as error:
        # What ast says of a null byte, or of bytes that are not UTF-8.
        found["error"] = {"line": None, "message": str(error)}
    return found


def conf_options(path: Path) -> list[dict[str, str]]:
    """Keys of locust.conf, which Locust reads from its working directory."""
    if not path.is_file():
        return []
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines()]
    keys = [
        line.replace(":", "=").split("=")[0].split()[0]
        for line in lines
        if line and line[0] not in "#;[-=:"
    ]
    return [{"file": path.name, "key": key} for key in keys]


def pyproject_options(path: Path) -> list[dict[str, str]]:
    """Keys of [tool.locust] in pyproject.toml, which Locust reads too."""
    if not path.is_file():
        return []
    try:
        table = tomllib.loads(path.read_text(errors="replace")).get("tool", {}).get("locust", {})
    except tomllib.TOMLDecodeError:
        return []
    return [{"file": path.name, "key": key} for key in table]


if __name__ == "__main__":
    print(json.dumps(inspect(Path(sys.argv[1]), sys.argv[2])))
