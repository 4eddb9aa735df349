"""Which room of the agent may import what."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from cluster import AGENT

PACKAGE = AGENT / "locust_cluster"

ROOMS = {
    "common": set[str](),
    "service": {"common"},
    "runs": {"common"},
    "plugin": {"common", "runs", "rank"},
    # A user's test imports these, in any Locust.
    "data": {"plugin"},
    "rank": set[str](),
}
"""Each room, and those that it may import besides itself."""

KNOW_LOCUST = {"runs", "plugin", "data"}
"""The service runs as root, at every start of a machine: it loads neither Locust nor gevent."""

OF_LOCUST = {"locust", "gevent", "flask", "flask_login", "werkzeug", "zmq", "msgpack"}

RUNS_WITH_LOCUST = {
    *("runs.active_run", "runs.class_stats", "runs.closing", "runs.controller", "runs.csv_files"),
    *(
        "runs.driver",
        "runs.judged_names",
        "runs.judging",
        "runs.locust_control",
        "runs.locust_statistics",
    ),
    *(
        "runs.fleet_stats",
        "runs.recorder",
        "runs.facts_of_test",
        "runs.load_of_test",
        "runs.options_of_test",
    ),
}
"""All else in `runs` is pure, or knows files only."""

UNNAMED = {name: {"runs.archive", "runs.folder_sink"} for name in ("runs.recorder", "runs.closing")}
"""What a module works with and must not know."""

KNOW_AWS = {"service.aws_client"}
"""AWS can neither slow nor end a load test: no module beside Locust knows it."""

OF_AWS = {"boto3", "botocore"}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)


def files_imported(package: Path) -> dict[str, set[str]]:
    """What each file of a package imports of it, by names as `plugin.rows.leases`."""
    files = {
        ".".join(file.relative_to(package).with_suffix("").parts): file
        for file in package.rglob("*.py")
    }
    found: dict[str, set[str]] = {}
    for name, file in files.items():
        wanted = [each.removeprefix(f"{package.name}.") for each in imports(file)]
        # The last word is a file, or something in it.
        candidates = {*wanted, *(each.rpartition(".")[0] for each in wanted)}
        found[name] = candidates & files.keys()
    return found


def folders_imported(files: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The same of folders. One and another inside it are not told apart: they are one thing."""
    found: dict[str, set[str]] = {}
    for file, wanted in files.items():
        folder = file.rpartition(".")[0]
        others = {each.rpartition(".")[0] for each in wanted}
        found.setdefault(folder, set()).update(
            each
            for each in others
            if not f"{each}.".startswith(f"{folder}.") and not f"{folder}.".startswith(f"{each}.")
        )
    return found


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """A way from something back to itself, or nothing."""
    done = set[str]()

    def visit(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node not in done:
            for each in sorted(graph.get(node, ())):
                if found := visit(each, [*path, node]):
                    return found
        done.add(node)
        return []

    return next((found for node in sorted(graph) if (found := visit(node, []))), [])


def offences(package: Path) -> list[str]:
    found = []
    for file in sorted(package.rglob("*.py")):
        name = ".".join(file.relative_to(package).with_suffix("").parts)
        room = name.split(".")[0]
        if room == "__init__":
            continue
        for wanted in imports(file):
            top, *rest = wanted.split(".")
            is_allowed = (
                room in ROOMS
                and (top not in OF_LOCUST or room in KNOW_LOCUST)
                and (top not in OF_LOCUST or room != "runs" or name in RUNS_WITH_LOCUST)
                and not any(
                    f"{wanted}.".startswith(f"{package.name}.{each}.")
                    for each in UNNAMED.get(name, ())
                )
                and (top not in OF_AWS or name in KNOW_AWS)
                and (top != package.name or rest[0] in {room, "__version__", *ROOMS[room]})
            )
            if not is_allowed:
                found.append(f"{name} imports {wanted}")
    return found


def test_every_room_imports_what_it_may() -> None:
    assert offences(PACKAGE) == []


@pytest.mark.parametrize(
    ("module", "line", "wanted"),
    [
        ("service/agent", "import gevent", "gevent"),
        ("service/agent", "from locust import events", "locust.events"),
        ("service/agent", "from locust_cluster.runs import run", "locust_cluster.runs.run"),
        ("service/agent", "from locust_cluster import plugin", "locust_cluster.plugin"),
        ("service/ledger", "import boto3", "boto3"),
        ("service/store", "import boto3", "boto3"),
        ("common/settings", "from locust.env import Environment", "locust.env.Environment"),
        ("common/settings", "def a():\n    import locust_cluster.runs", "locust_cluster.runs"),
        ("runs/run", "from locust_cluster.plugin import api", "locust_cluster.plugin.api"),
        ("runs/run", "from locust_cluster.service import store", "locust_cluster.service.store"),
        ("runs/upload", "from botocore.config import Config", "botocore.config.Config"),
        ("runs/lifecycle", "import gevent", "gevent"),
        (
            "runs/recorder",
            "from locust_cluster.runs.archive import RunFolder",
            "locust_cluster.runs.archive.RunFolder",
        ),
        (
            "runs/recorder",
            "from locust_cluster.runs import folder_sink",
            "locust_cluster.runs.folder_sink",
        ),
        (
            "runs/closing",
            "from locust_cluster.runs.archive import RunFolder",
            "locust_cluster.runs.archive.RunFolder",
        ),
        ("plugin/worker", "from locust_cluster.service import a", "locust_cluster.service.a"),
        ("loose", "import json", "json"),
    ],
)
def test_names_what_is_imported_across_a_fence(
    tmp_path: Path, module: str, line: str, wanted: str
) -> None:
    package = tmp_path / "locust_cluster"
    file = package / f"{module}.py"
    file.parent.mkdir(parents=True)
    file.write_text(f"{line}\n")
    assert offences(package) == [f"{module.replace('/', '.')} imports {wanted}"]


def test_no_file_and_no_folder_leads_back_to_itself_by_its_imports() -> None:
    files = files_imported(PACKAGE)
    assert circle(files) == []
    assert circle(folders_imported(files)) == []


def test_names_a_circle(tmp_path: Path) -> None:
    package = tmp_path / "locust_cluster"
    for file, line in {
        "plugin/rows/a": "from locust_cluster.plugin.page import b",
        "plugin/page/b": "from locust_cluster.plugin.page.c import C",
        "plugin/page/d": "from locust_cluster.plugin.rows.e import E",
        "plugin/page/c": "from locust_cluster.plugin import f",
        "plugin/rows/e": "",
        "plugin/f": "from locust_cluster.plugin.page import d",
    }.items():
        path = package / f"{file}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{line}\n")
    files = files_imported(package)
    assert circle(files) == []
    assert circle(folders_imported(files)) == ["plugin.page", "plugin.rows", "plugin.page"]
    (package / "plugin/rows/e.py").write_text("from locust_cluster.plugin.rows.a import A\n")
    assert circle(files_imported(package)) == [
        *("plugin.f", "plugin.page.d", "plugin.rows.e", "plugin.rows.a", "plugin.page.b"),
        *("plugin.page.c", "plugin.f"),
    ]


@pytest.mark.parametrize("module", ["service.agent", "service.changeover", "plugin.launch"])
def test_a_machine_starts_without_loading_locust(module: str) -> None:
    loaded = f"[name for name in {sorted(OF_LOCUST | OF_AWS)} if name in sys.modules]"
    program = f"import sys, locust_cluster.{module}; print({loaded})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=AGENT, check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("module", ["plugin.master", "plugin.worker"])
def test_locust_starts_without_what_reads_requests(module: str) -> None:
    program = f"import sys, locust_cluster.{module}; print('msgspec' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=AGENT, check=True, capture_output=True, text=True
    )
    assert done.stdout == "False\n"
