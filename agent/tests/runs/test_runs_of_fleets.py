"""A run that brings its machines: a real Locust and agent service, only Auto Scaling is not."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from cluster import Cluster, wait_until
from runs_client import SHOP, Runs

from locust_cluster.service.groups import Group
from locust_cluster.service.scaling import Scaling

EU = {"region": "eu-central-1", "size": 0, "max": 3, "idle": 1, "spot": True}

PROCESSES = (1, 2)
"""Of the fleet's machines: their types may differ in vCPUs."""


class Account:
    """Auto Scaling whose instances are processes of Locust."""

    def __init__(self, cluster: Cluster, gives: int) -> None:
        self._cluster = cluster
        self._gives = gives
        self.capacity = self.started = 0
        self.back: list[int] = []

    def find(self) -> Mapping[str, Group]:
        there, back = self.started, bool(self.back)
        return {"eu": Group("shop-eu", self.capacity, 3, back, started=there, in_service=there)}

    def set_capacity(self, _: Group, capacity: int) -> None:
        self.capacity, self.started = capacity, min(self.started, capacity)
        for number in range(self.started, min(capacity, self._gives)):
            for process in range(PROCESSES[number]):
                node, last = f"eu-{number + 1}", PROCESSES[number]
                self._cluster.start("worker", node, process + 1, last, fleet="eu")
            self.started = number + 1

    def shrink_at(self, _: Group, capacity: int, __: float) -> None:
        self.back.append(capacity)

    def shrink_never(self, _: Group) -> None:
        self.back.clear()

    def why_missing(self, _: Group, __: float) -> str | None:
        return "AWS has no spot capacity for c7g.large in eu-central-1a"


class Service:
    """The agent service of the master."""

    def __init__(self, cluster: Cluster, account: Account) -> None:
        state = cluster.folder / "master"
        self.needs = state / "run" / "needs.json"
        self._scaling = Scaling(
            cluster.release / "current.json", state / "run", state, lambda _: account
        )

    def look_until(self, condition: Callable[[], object], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end
            self._scaling.look(time.monotonic(), time.time())
            time.sleep(0.2)


def begin(
    make_cluster: Callable[..., Cluster], gives: int
) -> tuple[Cluster, Runs, Account, Service]:
    """A master with one worker, which belongs to no fleet."""
    cluster = make_cluster(files={"locustfile.py": SHOP}, workers=1, fleets={"eu": EU})
    cluster.start("master")
    cluster.start("worker")
    cluster.wait_for_page()
    account = Account(cluster, gives)
    return cluster, Runs(cluster), account, Service(cluster, account)


def test_its_machines_come_work_and_leave(make_cluster: Callable[..., Cluster]) -> None:
    _, runs, account, service = begin(make_cluster, gives=2)
    run = runs.start(user_count=4, spawn_rate=4, run_time="4s", fleets={"eu": 2})
    assert runs.get(run)["state"] == "scaling"
    service.look_until(lambda: runs.get(run)["state"] == "running")
    assert service.needs.exists()
    assert set(account.back) == {0}
    service.look_until(lambda: runs.get(run)["state"] == "finished")
    document = runs.get(run)
    seen = [each["state"] for each in document["states"]]
    assert [seen[0], *seen[-4:]] == ["scaling", "starting", "running", "stopping", "finished"]
    assert document["fleets"] == {
        "eu": {"asked": 2, "started": 2, "joined": 2, "problem": None, "kept": None}
    }
    assert document["workers"] == {"connected": 4, "expected": 4}
    assert [(node["name"], node["fleet"]) for node in document["nodes"]] == [
        *(("master", ""), ("eu-1", "eu"), ("eu-2", "eu"), ("worker-1", "")),
    ]
    assert document["total"]["requests"] > 0
    service.look_until(lambda: not service.needs.exists())
    # They stay for a run that may follow, and then leave.
    assert account.capacity == 2
    service.look_until(lambda: account.capacity == 0, 10)
    assert account.back == []

    refused = runs.ask("POST", "/cluster/runs", {"user_count": 1, "fleets": {"eu": 4}})
    assert (refused.status, refused.json()["error"]) == (
        400,
        {
            "code": "invalid_request",
            "message": "'fleets.eu' must be at most 3 (fleets.eu.max in cluster.yaml), got 4",
            "field": "fleets.eu",
        },
    )


def test_a_master_that_is_killed_while_it_scales_goes_on(
    make_cluster: Callable[..., Cluster],
) -> None:
    cluster, runs, account, service = begin(make_cluster, gives=2)
    run = runs.start(user_count=2, spawn_rate=2, run_time="3s", fleets={"eu": 1})
    wait_until(service.needs.exists, 10, "it says what it needs")
    master, worker = cluster.processes
    master.kill()
    master.wait()
    # Nobody gives its machines up meanwhile.
    service.look_until(lambda: account.capacity == 1, 5)
    cluster.start("master")
    cluster.wait_for_page()
    # It is sent away, and systemd starts it afresh.
    worker.wait(timeout=30)
    cluster.start("worker")
    service.look_until(lambda: runs.get(run)["state"] == "finished")
    document = runs.get(run)
    assert [each["state"] for each in document["states"]].count("scaling") == 1
    assert document["fleets"]["eu"]["joined"] == 1
    assert document["workers"] == {"connected": 2, "expected": 2}


def test_begins_with_what_aws_gives(make_cluster: Callable[..., Cluster]) -> None:
    """A machine with one process comes, beside the worker of the cluster."""
    _, runs, _, service = begin(make_cluster, gives=1)
    request: dict[str, Any] = {"user_count": 2, "spawn_rate": 2, "run_time": "3s"}
    run = runs.start(**request, fleets={"eu": 2}, min_processes=2, wait_timeout="20s")
    service.look_until(lambda: runs.get(run)["ended"])
    document = runs.get(run)
    assert document["state"] == "finished"
    starting = next(each for each in document["states"] if each["state"] == "starting")
    assert starting["reason"] == (
        "begins with 2 processes after 20s: fleet eu: 1 of 2 machines joined: "
        "AWS has no spot capacity for c7g.large in eu-central-1a"
    )
    assert document["workers"]["connected"] == 2
