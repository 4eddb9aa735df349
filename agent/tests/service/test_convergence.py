"""A pushed test on a running machine: checked, then used, never during a test."""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from cluster import AGENT, USERS, Cluster
from published import manifest, name

from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.process_status import write_process_status
from locust_cluster.common.settings import Settings, read_settings
from locust_cluster.common.updating import UPDATING_FILE, is_updating
from locust_cluster.service.convergence import Convergence
from locust_cluster.service.refusal import Refusals
from locust_cluster.service.release import ReleaseRoot
from locust_cluster.service.store import FolderStore

ENVIRONMENT = "e" * 20
UNITS = ["locust-worker@1.service", "locust-worker@2.service"]


class Machine:
    """A worker machine whose content is there already; its store says which is current."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder.mkdir()
        environ = Cluster(folder).variables("worker", "worker-1", 1, 2)
        self.root = ReleaseRoot(folder / "opt")
        environ["CLUSTER_RELEASE"] = str(self.root.current)
        # As the unit of the agent service has it.
        for variable, value in environ.items():
            monkeypatch.setenv(variable, value)
        self.settings: Settings = read_settings(environ)
        self.settings.run_dir.mkdir(parents=True)
        self.store = FolderStore(folder / "store")
        self.commands: list[Sequence[str]] = []
        (self.root.path / "env").mkdir(parents=True)
        # This Python has what the tests need.
        (self.root.path / "env" / ENVIRONMENT).symlink_to(sys.prefix)
        self.publish(1, USERS)
        self.root.switch(self.root.prepare(name(1), ENVIRONMENT, self.store.get(KEY)))
        self.convergence = Convergence(
            self.settings, UNITS, lambda: self.store, self.commands.append, 0
        )
        self.settings.state_dir.mkdir(exist_ok=True)

    def publish(self, number: int, locustfile: str) -> None:
        bundle = self.root.path / "bundle" / name(number)
        (bundle / "test").mkdir(parents=True)
        (bundle / "test" / "locustfile.py").write_text(locustfile)
        (bundle / "agent").symlink_to(AGENT)
        self.store.put(KEY, manifest(name(number), environment=ENVIRONMENT))

    def processes(self, testing: bool = False) -> None:
        release = self.root.current.resolve().name
        for index in (1, 2):
            file = self.settings.run_dir / f"process-{index}.json"
            write_process_status(file, "connected", None, testing, release)

    @property
    def bundle(self) -> str:
        return self.root.current.resolve().name.split("-")[0]


KEY = "bundle/current.json"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path / "machine", monkeypatch)


def test_changes_over_and_restarts_what_runs_the_old_test(machine: Machine) -> None:
    machine.processes()
    machine.convergence.look(0)
    assert machine.commands == []
    machine.publish(2, USERS)
    machine.convergence.look(4)
    assert machine.bundle == name(1)
    machine.convergence.look(10)
    assert machine.bundle == name(2)
    assert machine.commands == [["systemctl", "restart", "--no-block", *UNITS]]
    old, new = (f"{name(number)}-{ENVIRONMENT}" for number in (1, 2))
    assert is_updating(machine.settings.state_dir, old, time.time())
    assert not is_updating(machine.settings.state_dir, new, time.time())
    machine.convergence.look(11)
    assert len(machine.commands) == 1
    machine.processes()
    machine.convergence.look(60)
    assert len(machine.commands) == 1


def test_waits_for_the_end_of_a_test(machine: Machine) -> None:
    machine.processes(testing=True)
    machine.publish(2, USERS)
    for now in (0, 10, 20):
        machine.convergence.look(now)
    assert (machine.bundle, machine.commands) == (name(1), [])
    machine.processes()
    machine.convergence.look(30)
    assert machine.bundle == name(2)
    assert len(machine.commands) == 1


def test_restarts_nothing_once_a_test_has_begun(machine: Machine) -> None:
    """The change was made, by a process that came back, just before."""
    machine.processes(testing=True)
    machine.publish(2, USERS)
    machine.root.switch(machine.root.prepare(name(2), ENVIRONMENT, machine.store.get(KEY)))
    machine.convergence.look(0)
    assert machine.commands == []
    assert not (machine.settings.state_dir / UPDATING_FILE).exists()


@pytest.mark.parametrize(
    ("locustfile", "reason"),
    [
        (
            "import nothing_of_this_name\n",
            "locustfile.py:1: no module named 'nothing_of_this_name'",
        ),
        ("def (\n", "locustfile.py:1: invalid syntax"),
        ("x = 1\n", "there is no user class in locustfile.py"),
    ],
)
def test_a_broken_test_is_refused_with_the_reason(
    machine: Machine, locustfile: str, reason: str
) -> None:
    machine.processes()
    machine.publish(2, locustfile)
    machine.convergence.look(0)
    assert (machine.bundle, machine.commands) == (name(1), [])
    refusal = Refusals(machine.settings.state_dir, "").last
    assert refusal is not None
    assert refusal.bundle == name(2)
    assert reason in refusal.reason
    # Locust's processes go on telling how they are.
    states = [json.loads(f.read_bytes())["state"] for f in machine.settings.run_dir.glob("p*.json")]
    assert states == ["connected", "connected"]


def test_a_refused_test_is_tried_once_and_forgotten_with_the_next(machine: Machine) -> None:
    machine.processes()
    machine.publish(2, "import nothing_of_this_name\n")
    machine.convergence.look(0)
    file = machine.settings.state_dir / "refused.json"
    tried = file.stat().st_mtime_ns
    machine.convergence.look(10)
    assert file.stat().st_mtime_ns == tried
    machine.publish(3, USERS)
    machine.convergence.look(20)
    assert machine.bundle == name(3)
    assert Refusals(machine.settings.state_dir, "").last is None


def test_other_settings_of_the_same_test_are_another_release(machine: Machine) -> None:
    machine.processes()
    content = manifest(name(1), environment=ENVIRONMENT, host="http://other.example")
    machine.store.put(KEY, content)
    machine.convergence.look(0)
    assert b"other.example" in (machine.root.current / "current.json").read_bytes()
    assert len(machine.commands) == 1


def test_another_number_of_workers_restarts_nothing(machine: Machine) -> None:
    machine.processes()
    content = manifest(name(1), environment=ENVIRONMENT, workers=5)
    machine.store.put(KEY, content)
    for now in (0, 10, 20):
        machine.convergence.look(now)
    assert machine.commands == []
    assert (machine.root.current / "current.json").read_bytes() == content


def test_a_refused_test_is_not_tried_again_for_another_number_of_workers(machine: Machine) -> None:
    machine.processes()
    machine.publish(2, "import nothing_of_this_name\n")
    machine.convergence.look(0)
    file = machine.settings.state_dir / "refused.json"
    tried = file.stat().st_mtime_ns
    machine.store.put(KEY, manifest(name(2), environment=ENVIRONMENT, workers=5))
    machine.convergence.look(10)
    assert file.stat().st_mtime_ns == tried
    # But the old test, which goes on, learns who belongs to the cluster now.
    running = machine.root.current / "current.json"
    assert running.read_bytes() == manifest(name(1), environment=ENVIRONMENT, workers=5)
    renewed = running.stat().st_mtime_ns
    machine.convergence.look(20)
    assert (running.stat().st_mtime_ns, machine.commands) == (renewed, [])
    assert Refusals(machine.settings.state_dir, "").last is not None


def test_a_refused_test_may_come_with_another_number_of_workers(machine: Machine) -> None:
    machine.processes()
    machine.publish(2, "import nothing_of_this_name\n")
    machine.store.put(KEY, manifest(name(2), environment=ENVIRONMENT, workers=1))
    for now in (0, 10):
        machine.convergence.look(now)
    running = read_manifest(machine.root.current / "current.json")
    assert (running.bundle, running.expected_workers) == (name(1), 1)


def test_an_old_mark_keeps_no_run_waiting(machine: Machine) -> None:
    mark = machine.settings.state_dir / UPDATING_FILE
    mark.touch()
    os.utime(mark, (0, 0))
    assert not is_updating(machine.settings.state_dir, "another", time.time())
