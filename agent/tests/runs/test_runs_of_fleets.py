"""A run that brings its machines: a real Locust and agent service, only Auto Scaling is not."""

import csv
import io
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cluster import Cluster, wait_until
from runs_client import SHOP, Runs
from test_openapi import check

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


BUYERS = """
import os
from locust import HttpUser, constant, task

TARGET = os.environ["TARGET_" + (os.environ["CLUSTER_FLEET"] or "workers")]


class Buyer(HttpUser):
    host = "http://not.used"
    wait_time = constant(0.02)
    left = 30

    @task
    def buy(self):
        # What is under way at the end is counted by the target only.
        if self.left:
            self.left -= 1
            self.client.get(TARGET + "/item", name="/item")
            if self.left % 10 == 0:
                self.client.get(TARGET + "/sold-out", name="/sold-out")
"""


class Target:
    """Of one fleet: counts what arrives."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        target = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                target.seen.append(self.path)
                self.send_response(500 if self.path == "/sold-out" else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_the_figures_of_each_fleet_are_what_its_target_has_counted(
    make_cluster: Callable[..., Cluster],
) -> None:
    targets = {name: Target() for name in ("eu", "us", "workers")}
    cluster = make_cluster(
        files={"locustfile.py": BUYERS},
        workers=1,
        fleets={"eu": {**EU, "size": 1}, "us": {**EU, "region": "us-west-2", "size": 1}, "ap": EU},
        environ={f"TARGET_{name}": target.url for name, target in targets.items()},
    )
    cluster.start("master")
    cluster.start("worker")
    for process in (1, 2):
        cluster.start("worker", "eu-1", process, 2, fleet="eu")
    cluster.start("worker", "us-1", fleet="us")
    cluster.wait_for_page()
    runs = Runs(cluster)
    run = runs.start(user_count=8, spawn_rate=8, run_time="8s")
    document = runs.wait(run, "finished", "failed", seconds=60)
    for target in targets.values():
        target.close()
    assert document["state"] == "finished"
    figures, requests = document["fleet_figures"], document["fleet_requests"]
    # Fleet ap has no process: nothing is said of it.
    assert {name: each["region"] for name, each in figures.items()} == {
        **{"eu": "eu-central-1", "us": "us-west-2", "workers": ""}
    }
    assert {name: each["users_max"] for name, each in figures.items()} == {
        **{"eu": 4, "us": 2, "workers": 2}
    }
    for name, target in targets.items():
        total = figures[name]["total"]
        assert (total["requests"], total["failures"]) == (
            len(target.seen),
            target.seen.count("/sold-out"),
        )
        assert {row["name"]: row["requests"] for row in requests[name]} == {
            path: target.seen.count(path) for path in ("/item", "/sold-out")
        }
    assert len(targets["eu"].seen) == 2 * len(targets["us"].seen) == 2 * 2 * 33
    for counted in ("requests", "failures"):
        each = [fleet["total"][counted] for fleet in figures.values()]
        assert sum(each) == document["total"][counted]

    for query in "", "?fields=summary":
        check(runs.ask("GET", f"/cluster/runs/{run}{query}"), "/cluster/runs/{id}", "GET")
    answer = runs.ask("GET", f"/cluster/runs/{run}/timeline")
    check(answer, "/cluster/runs/{id}/timeline", "GET")
    rows = answer.json()["rows"]
    assert all(
        sum(each["users"] for each in row["fleets"].values()) == row["users"] for row in rows
    )
    assert max(row["fleets"]["eu"]["users"] for row in rows) == 4
    assert max(row["fleets"]["us"]["rps"] for row in rows) > 0
    (first, *_) = csv.DictReader(io.StringIO(runs.file(run, "timeline.csv")))
    assert [each.split(":")[0] for each in first["fleets"].split()] == ["eu", "us", "workers"]
