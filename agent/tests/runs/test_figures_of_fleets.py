"""Figures per fleet of a real Locust, against what the target of each fleet has counted."""

import csv
import io
from collections.abc import Callable

from cluster import Cluster
from runs_client import Runs
from target import Target
from test_openapi import check

EU = {"region": "eu-central-1", "size": 0, "max": 3, "idle": 1, "spot": True}

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


def test_the_figures_of_each_fleet_are_what_its_target_has_counted(
    make_cluster: Callable[..., Cluster],
) -> None:
    targets = {name: Target(fails="/sold-out") for name in ("eu", "us", "workers")}
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
