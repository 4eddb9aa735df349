"""Real Locust processes on loopback, started as a machine starts them, for the tests."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from ports import free_port

AGENT = Path(__file__).parent.parent

BUNDLE = "0123456789abcdef0123"

USERS = "from locust import User\n\n\nclass Idle(User):\n    pass\n"
"""The smallest test that Locust accepts."""

SECRET: dict[str, Any] = {
    "username": "locust",
    "password": "right-password",
    "token": "right-token",
    "session_key": "a-stable-key",
    "certificate": None,
    "certificate_key": None,
}


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> float:
    """Poll until true; returns the seconds it took, fails the test after `seconds`."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if condition():
            return time.monotonic() - start
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


@dataclass(frozen=True)
class Reply:
    status: int
    body: str
    headers: Message

    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    url: str,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    source: str = "127.0.0.1",
) -> Reply:
    """One request from an address of loopback; redirects are not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=10, source_address=(source, 0)
    )
    sent = dict(headers or {})
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    body = urlencode(form) if form is not None else None
    try:
        connection.request("GET" if form is None else "POST", parts.path or "/", body, sent)
        reply = connection.getresponse()
        return Reply(reply.status, reply.read().decode(), reply.headers)
    finally:
        connection.close()


@dataclass
class Cluster:
    """A cluster in a folder; `stop` ends all of its processes."""

    folder: Path
    files: Mapping[str, str] = field(default_factory=lambda: {"locustfile.py": USERS})
    login: str = "none"
    args: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    https: bool = False
    secret: Mapping[str, Any] = field(default_factory=lambda: SECRET)
    host: str | None = None
    host_names: tuple[str, ...] = ()
    cluster_id: str = ""
    locustfile: str = "locustfile.py"
    workers: int | None = None
    """Machines expected; None as in the manifest of an older deploy."""
    fleets: Mapping[str, Any] = field(default_factory=dict)
    """As in the manifest."""
    shares: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.master_port, self.web_port = free_port(), free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.release = self.folder / "release"
        for name, content in self.files.items():
            file = self.release / "test" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        (self.release / "agent").symlink_to(AGENT)
        (self.folder / "home").mkdir()
        (self.folder / "master.json").write_text(json.dumps(self.secret))
        self.write_current()

    def write_current(self) -> None:
        document: dict[str, Any] = {
            "schema": 1,
            "bundle": BUNDLE,
            "environments": {"x86_64": "f" * 20},
            "python": "3.13",
            "locust": {
                "version": "2.47.0",
                "locustfile": self.locustfile,
                "host": self.host,
                "args": list(self.args),
            },
            "login": self.login,
            "https": self.https,
            "host_names": list(self.host_names),
        }
        if self.workers is not None:
            document["expected"] = {"workers": self.workers}
        if self.fleets:
            document["fleets"] = self.fleets
        if self.shares:
            document["shares"] = self.shares
        (self.release / "current.json").write_text(json.dumps(document))

    @property
    def url(self) -> str:
        return f"http{'s' if self.https else ''}://127.0.0.1:{self.web_port}"

    def variables(
        self, role: str, node: str, process: int, processes: int, fleet: str = ""
    ) -> dict[str, str]:
        state = self.folder / node
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith(("LOCUST_", "CLUSTER_"))},
            "HOME": str(self.folder / "home"),
            "PYTHONPATH": str(self.release / "agent"),
            "CLUSTER_NAME": "example",
            "CLUSTER_ID": self.cluster_id,
            "CLUSTER_NODE": node,
            "CLUSTER_FLEET": fleet,
            "CLUSTER_ROLE": role,
            "CLUSTER_INSTANCE_ID": f"i-{node}",
            "CLUSTER_MASTER_HOST": "127.0.0.1",
            "CLUSTER_MASTER_PORT": str(self.master_port),
            "CLUSTER_ARCHITECTURE": "x86_64",
            "CLUSTER_STORE": f"file://{self.folder}/store",
            "CLUSTER_RELEASE": str(self.release),
            "CLUSTER_STATE_DIR": str(state),
            "CLUSTER_RUN_DIR": str(state / "run"),
            "CLUSTER_WORK_DIR": str(state / "work"),
            "CLUSTER_RUNS_DIR": str(self.folder / "runs"),
            "CLUSTER_SECRETS": str(self.folder / "master.json"),
            "CLUSTER_PROCESSES": str(processes),
            "CLUSTER_PROCESS": str(process),
            "CLUSTER_WEB_HOST": "127.0.0.1",
            "CLUSTER_WEB_PORT": str(self.web_port),
            **self.environ,
        }

    def start(
        self,
        role: str,
        node: str | None = None,
        process: int = 1,
        processes: int = 1,
        fleet: str = "",
    ) -> "subprocess.Popen[bytes]":
        """Start a process; its output goes to `<node>-<process>.log`."""
        node = node or ("master" if role == "master" else "worker-1")
        with (self.folder / f"{node}-{process}.log").open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "locust_cluster.plugin.launch"],
                env=self.variables(role, node, process, processes, fleet),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(started)
        return started

    def log(self, process: str = "master-1") -> str:
        return (self.folder / f"{process}.log").read_text()

    def wait_for_log(self, text: str, process: str = "master-1") -> str:
        wait_until(lambda: text in self.log(process), 30, f"{process} says {text!r}")
        return self.log(process)

    def answers(self) -> bool:
        try:
            return ask(f"{self.url}/cluster/health").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def wait_for_page(self) -> None:
        wait_until(self.answers, 60, "the page answers")

    def wait_for_workers(self, count: int, seconds: float = 60) -> float:
        def connected() -> bool:
            health = f"{self.url}/cluster/health"
            return self.answers() and bool(ask(health).json()["worker_count"] == count)

        return wait_until(connected, seconds, f"{count} workers are connected")

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
        for process in self.processes:
            process.wait(timeout=10)
