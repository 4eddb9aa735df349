"""Which room of the agent may import what."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster import AGENT

PACKAGE = AGENT / "locust_cluster"

ROOMS = {
    "common": set[str](),
    "service": {"common"},
    "runs": {"common"},
    "plugin": {"common", "runs"},
    # A user's test imports it, in any Locust.
    "data": {"plugin"},
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
    *("runs.recorder", "runs.test_facts", "runs.test_load", "runs.test_options"),
}
"""All else in `runs` is pure, or knows files only."""

UNNAMED = {"runs.recorder": {"runs.archive", "runs.folder_sink"}}
"""What a module works with and must not know."""

KNOW_S3 = {"service.store"}
"""S3 can neither slow nor end a load test: no module beside Locust knows it."""

OF_S3 = {"boto3", "botocore"}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)


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
                and (top not in OF_S3 or name in KNOW_S3)
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


@pytest.mark.parametrize("module", ["service.agent", "service.update", "plugin.launch"])
def test_a_machine_starts_without_loading_locust(module: str) -> None:
    loaded = f"[name for name in {sorted(OF_LOCUST | OF_S3)} if name in sys.modules]"
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
