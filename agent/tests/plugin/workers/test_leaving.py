"""A machine that AWS is about to end leaves a run in order, under load: nothing is lost."""

import csv
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cluster import Cluster, ask, wait_until
from runs_client import Runs
from target import Target

from locust_cluster.common.draining import Draining, write_draining
from locust_cluster.common.process_status import read_process_status

EU = {"region": "eu-central-1", "size": 2, "max": 3, "idle": 60, "spot": True}

BUYERS = """
from locust import HttpUser, constant, task


class Buyer(HttpUser):
    wait_time = constant(0.05)

    @task
    def buy(self):
        self.client.get("/")
"""

SLOW_S = 0.3
"""Most users wait for an answer at any moment."""

USERS = 24


@pytest.fixture
def target() -> Iterator[Target]:
    made = Target(SLOW_S)
    yield made
    made.close()


def nodes(cluster: Cluster) -> dict[str, Any]:
    return {node["name"]: node for node in ask(f"{cluster.url}/cluster/nodes").json()["nodes"]}


def users_of(cluster: Cluster, name: str) -> int:
    return sum(each["user_count"] for each in nodes(cluster)[name]["processes"])


def notify(cluster: Cluster, *machines: str) -> None:
    """As the agent service does when it has read a spot notice."""
    now = datetime.now(UTC)
    ends = (now + timedelta(seconds=120)).isoformat()
    for name in machines:
        write_draining(cluster.folder / name, Draining("spot", now.isoformat(), ends))


def begin(make_cluster: Callable[..., Cluster], target: Target) -> tuple[Cluster, Runs, str]:
    """A run on a machine of two processes and one of one process."""
    cluster = make_cluster(
        files={"locustfile.py": BUYERS},
        workers=0,
        fleets={"eu": EU},
        host=target.url,
        args=("--stop-timeout", "10"),
    )
    cluster.start("master")
    for name, processes in (("eu-1", 2), ("eu-2", 1)):
        for process in range(1, processes + 1):
            cluster.start("worker", name, process, processes, fleet="eu")
    cluster.wait_for_page()
    runs = Runs(cluster)
    run = runs.start(user_count=USERS, spawn_rate=USERS)
    runs.wait(run, "running", seconds=60)
    wait_until(lambda: users_of(cluster, "eu-1") == USERS * 2 / 3, 20, "all users run")
    wait_until(lambda: len(target.seen) > 300, 30, "the load is there")
    return cluster, runs, run


def test_users_move_and_no_request_is_lost(
    make_cluster: Callable[..., Cluster], target: Target
) -> None:
    cluster, runs, run = begin(make_cluster, target)
    notify(cluster, "eu-1")
    wait_until(lambda: nodes(cluster)["eu-1"]["state"] == "draining", 5, "the master knows")
    wait_until(lambda: users_of(cluster, "eu-2") == USERS, 10, "its users are elsewhere")
    wait_until(lambda: users_of(cluster, "eu-1") == 0, 10, "it has no users")
    file = cluster.folder / "eu-1/run/process-1.json"

    def has_left() -> bool:
        status = read_process_status(file, time.monotonic())
        return status is not None and status.state == "left"

    wait_until(has_left, 10, "its process says so")
    # systemd starts what has ended; here it must not become a worker again.
    assert cluster.start("worker", "eu-1", 1, 2, fleet="eu").wait(timeout=20) == 0

    cluster.start("worker", "eu-3", fleet="eu")
    wait_until(lambda: "eu-3" in nodes(cluster), 30, "a replacement is there")
    wait_until(lambda: users_of(cluster, "eu-3") == USERS / 2, 20, "it has its share")
    assert nodes(cluster)["eu-1"]["state"] == "draining"
    time.sleep(3)
    runs.stop(run)
    document = runs.wait_for_end(run)
    assert document["state"] == "finished", document["reason"]
    assert document["total"]["requests"] == len(target.seen)
    assert document["total"]["failures"] == 0
    assert document["dropped_reports"]["count"] == 0
    assert document["lost_workers"]["count"] == 0
    [machine] = document["interruptions"]["machines"]
    assert document["interruptions"]["count"] == 1
    told = (machine["node"], machine["instance_id"], machine["fleet"], machine["cause"])
    assert told == ("eu-1", "i-eu-1", "eu", "spot")

    rows = list(csv.DictReader(runs.file(run, "timeline.csv").splitlines()))
    assert [row["marks"] for row in rows if row["marks"]] == ["spot: i-eu-1, fleet eu, leaves"]
    # Locust forgets its workers while it stops a test.
    workers = [int(row["workers"]) for row in rows if row["workers"] != "0"]
    assert (workers[0], min(workers), workers[-1]) == (3, 1, 2)
    assert max(int(row["users"]) for row in rows[2:]) <= USERS * 5 / 3


def test_figures_are_complete_when_all_machines_leave(
    make_cluster: Callable[..., Cluster], target: Target
) -> None:
    cluster, runs, run = begin(make_cluster, target)
    notify(cluster, "eu-1", "eu-2")
    document = runs.wait_for_end(run)
    assert document["state"] == "failed"
    assert document["reason"] == "AWS has taken the machines of all worker processes away"
    assert document["total"]["requests"] == len(target.seen)
    assert document["interruptions"]["count"] == 2
    assert document["lost_workers"]["count"] == 0
    # The cluster is fit for the next run.
    cluster.start("worker", "eu-3", fleet="eu")
    again = runs.start(user_count=2, run_time=2, expect_workers=1)
    assert runs.wait_for_end(again)["state"] == "finished"
