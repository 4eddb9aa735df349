"""The agent service, beside real files and real processes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cluster import Cluster, wait_until
from systemd import Systemd

from locust_cluster.common.process_status import write_process_status
from locust_cluster.common.settings import read_settings
from locust_cluster.service.agent import Agent
from locust_cluster.service.units import Units, unit_names

BOOT = {"boot_started": "2026-11-21T10:00:00Z", "steps": [{"name": "environment", "seconds": 1.2}]}


def machine(tmp_path: Path) -> tuple[Cluster, dict[str, str]]:
    """A worker machine of two processes whose store is a folder, without Locust."""
    folder = tmp_path / "machine"
    folder.mkdir()
    cluster = Cluster(folder)
    environ = cluster.variables("worker", "worker-1", 1, 2)
    state = Path(environ["CLUSTER_STATE_DIR"])
    state.mkdir()
    (state / "ledger.json").write_text(json.dumps({**BOOT, "state": "starting"}))
    return cluster, environ


def record_of(cluster: Cluster) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(
        (cluster.folder / "store/nodes/i-worker-1.json").read_bytes()
    )
    return record


def test_follows_a_machine_from_starting_to_failed(tmp_path: Path) -> None:
    cluster, environ = machine(tmp_path)
    settings = read_settings(environ)
    systemd = Systemd()
    agent = Agent(settings, Units(["locust-worker@1.service"], systemd.run), 0)
    first, second = (settings.run_dir / f"process-{n}.json" for n in (1, 2))

    agent.look(0)
    record = record_of(cluster)
    assert (record["state"], record["stage"]) == ("starting", "0 of 2 processes connected")
    assert record["steps"] == BOOT["steps"]
    assert record["boot_started"] == BOOT["boot_started"]
    assert (record["name"], record["instance_id"], record["processes"]) == (
        "worker-1",
        "i-worker-1",
        2,
    )
    assert record["versions"]["locust"] == "2.47.0"

    for file in (first, second):
        write_process_status(file, "connected")
    agent.look(1)
    assert record_of(cluster)["state"] == "ready"

    write_process_status(second, "disconnected")
    agent.look(2)
    record = record_of(cluster)
    assert (record["state"], record["stage"]) == ("degraded", "1 of 2 processes connected")

    write_process_status(first, "failed", "locustfile.py:1: no module")
    systemd.status = 1
    for now in range(3, 16, 4):
        agent.look(now)
        systemd.restarts += 1
    record = record_of(cluster)
    assert record["state"] == "failed"
    assert record["failure"] == {
        "step": "locust-worker@1.service",
        "exit_code": 1,
        "message": "locustfile.py:1: no module",
        "log": ["Traceback", "ValueError: broken"],
    }
    for file in (first, second):
        write_process_status(file, "connected")
    agent.look(17)
    assert (record_of(cluster)["state"], record_of(cluster)["failure"]) == ("ready", None)


def test_a_killed_or_hanging_process_is_not_connected(tmp_path: Path) -> None:
    cluster, environ = machine(tmp_path)
    settings = read_settings(environ)
    agent = Agent(settings, Units([]), 0)
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    for index, (pid, age) in enumerate([(killed.pid, 0), (os.getpid(), 60)], start=1):
        state = {"state": "connected", "pid": pid, "time": time.monotonic() - age}
        file = settings.run_dir / f"process-{index}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(state))
    agent.look(0)
    assert record_of(cluster)["stage"] == "0 of 2 processes connected"


def test_a_lost_boot_record_is_no_obstacle(tmp_path: Path) -> None:
    cluster, environ = machine(tmp_path)
    settings = read_settings(environ)
    (settings.state_dir / "ledger.json").write_text("{")
    Agent(settings, Units([]), 0).look(0)
    assert record_of(cluster)["steps"] == []


def test_knows_its_units(tmp_path: Path) -> None:
    _, environ = machine(tmp_path)
    on_ec2 = {**environ, "CLUSTER_STORE": "s3://bucket"}
    assert unit_names(read_settings(on_ec2)) == [
        "locust-worker@1.service",
        "locust-worker@2.service",
    ]
    assert unit_names(read_settings({**on_ec2, "CLUSTER_ROLE": "master"})) == [
        "locust-master.service"
    ]
    assert unit_names(read_settings(environ)) == []


def test_only_a_deployed_master_sets_the_capacity_of_fleets(tmp_path: Path) -> None:
    _, environ = machine(tmp_path)
    on_ec2 = {**environ, "CLUSTER_STORE": "s3://bucket"}
    for variables, sets in (
        (on_ec2, False),
        ({**environ, "CLUSTER_ROLE": "master"}, False),
        ({**on_ec2, "CLUSTER_ROLE": "master"}, True),
    ):
        agent = Agent(read_settings(variables), Units([]), 0)
        assert (agent.scaling is not None) is sets


def test_only_a_machine_of_a_fleet_asks_whether_it_ends(tmp_path: Path) -> None:
    _, environ = machine(tmp_path)
    on_ec2 = {**environ, "CLUSTER_STORE": "s3://bucket", "CLUSTER_FLEET": "eu"}
    for variables, asks in (
        (on_ec2, True),
        ({**on_ec2, "CLUSTER_FLEET": ""}, False),
        ({**on_ec2, "CLUSTER_ROLE": "master"}, False),
        ({**environ, "CLUSTER_FLEET": "eu"}, False),
    ):
        agent = Agent(read_settings(variables), Units([]), 0)
        assert (agent.notices is not None) is asks


def test_the_service_sees_real_processes(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster()
    cluster.start("master")
    worker = cluster.start("worker")
    services = []
    try:
        for role, node in (("master", "master"), ("worker", "worker-1")):
            environ = cluster.variables(role, node, 1, 1)
            command = [sys.executable, "-m", "locust_cluster.service.agent"]
            services.append(subprocess.Popen(command, env=environ))

        def states() -> list[str]:
            files = [cluster.folder / f"store/nodes/i-{n}.json" for n in ("master", "worker-1")]
            return [json.loads(f.read_bytes())["state"] for f in files if f.exists()]

        wait_until(lambda: states() == ["ready", "ready"], 20, "both machines are ready")
        worker.kill()
        worker.wait()
        wait_until(lambda: states() == ["ready", "degraded"], 10, "the worker is degraded")
        # A switched release ends the service, so that the new release's is started.
        cluster.release.rename(cluster.folder / "new")
        cluster.release.symlink_to(cluster.folder / "new")
        assert [service.wait(timeout=10) for service in services] == [0, 0]
    finally:
        for service in services:
            service.kill()
            service.wait()
