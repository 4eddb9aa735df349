"""Shares and ranks in a real Locust: a master, processes of two fleets and one of none."""

import json
import signal
from collections.abc import Callable, Mapping
from typing import Any

from cluster import Cluster, ask, wait_until
from runs_client import SHOP, Runs

EU = {"region": "eu-central-1", "size": 1, "max": 3, "idle": 60, "spot": True}

TEST = (
    SHOP
    + """
import json
import os
from dataclasses import asdict
from pathlib import Path

from locust import events
from locust_cluster.rank import RankError, own_rank

try:
    EARLY = str(own_rank())
except RankError as error:
    EARLY = str(error)


@events.test_start.add_listener
def note_rank(**_):
    name = f"{os.environ['CLUSTER_NODE']}-{os.environ['CLUSTER_PROCESS']}"
    with (Path(os.environ["HOME"]) / f"{name}.jsonl").open("a") as file:
        file.write(json.dumps({"early": EARLY, **asdict(own_rank())}) + "\\n")
"""
)


def ranks(cluster: Cluster) -> dict[str, list[tuple[int, int, int, int]]]:
    """As each process has read it at the start of each test."""
    found = {}
    for file in sorted((cluster.folder / "home").glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        found[file.stem] = [
            (row["rank"], row["processes"], row["fleet_rank"], row["fleet_processes"])
            for row in rows
        ]
    return found


def users(cluster: Cluster) -> dict[str, int]:
    """Of each process, as the master shows it."""
    nodes = ask(f"{cluster.url}/cluster/nodes").json()["nodes"]
    return {
        f"{node['name']}-{process['index']}": process["user_count"]
        for node in nodes
        for process in node["processes"]
        if process["state"] != "missing"
    }


def running(document: Mapping[str, Any]) -> Any:
    return next(each["reason"] for each in document["states"] if each["state"] == "running")


def test_users_go_where_their_shares_are(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster(
        files={"locustfile.py": TEST},
        workers=1,
        fleets={"eu": EU, "us": {**EU, "size": 0}},
        shares={"eu": "70%", "workers": "30%"},
    )
    cluster.start("master")
    cluster.start("worker", "worker-1")
    first, second = (cluster.start("worker", "eu-1", index, 2, fleet="eu") for index in (1, 2))
    cluster.wait_for_page()
    runs = Runs(cluster)

    never = runs.ask("POST", "/cluster/runs", {"user_count": 1, "shares": {"us": "100%"}})
    assert (never.status, never.json()["error"]["message"]) == (
        400,
        "'shares.us' is 100%, but fleet us has no machines: its size is 0, and the run asks for "
        "none of it",
    )

    run = runs.start(user_count=20, spawn_rate=20)
    wait_until(lambda: sum(users(cluster).values()) == 20, 60, "all users are there")
    assert users(cluster) == {"eu-1-1": 7, "eu-1-2": 7, "worker-1-1": 6}
    assert runs.get(run)["request"]["shares"] == {"eu": "70%", "workers": "30%"}
    assert ranks(cluster) == {
        "eu-1-1": [(1, 3, 0, 2)],
        "eu-1-2": [(2, 3, 1, 2)],
        "master-1": [(0, 1, 0, 1)],
        "worker-1-1": [(0, 3, 0, 1)],
    }

    # A process joins, of a fleet that has no share: it is there, and has no users.
    cluster.start("worker", "us-1", fleet="us")
    wait_until(lambda: "us-1-1" in ranks(cluster), 30, "it is in the test")
    assert ranks(cluster)["us-1-1"] == [(3, 4, 0, 1)]
    wait_until(lambda: users(cluster).get("us-1-1") == 0, 10, "it is shown")
    assert users(cluster) == {"eu-1-1": 7, "eu-1-2": 7, "worker-1-1": 6, "us-1-1": 0}

    # One is killed and started anew, as systemd does: it has the rank of the one before.
    first.send_signal(signal.SIGKILL)
    first.wait()
    first = cluster.start("worker", "eu-1", 1, 2, fleet="eu")
    wait_until(lambda: len(ranks(cluster)["eu-1-1"]) == 2, 30, "its successor is in the test")
    assert ranks(cluster)["eu-1-1"] == [(1, 3, 0, 2), (1, 4, 0, 2)]
    all_three = {"eu-1-1": 7, "eu-1-2": 7, "worker-1-1": 6, "us-1-1": 0}
    wait_until(lambda: users(cluster) == all_three, 30, "users are as before")

    # All of a fleet are gone: its users are with the others, and that is said.
    for process in (first, second):
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
    wait_until(lambda: users(cluster).get("worker-1-1") == 20, 30, "they are with the other")
    cluster.wait_for_log("no process of fleet eu is connected: the others have its users")
    assert runs.get(run)["reason"].startswith("no process of fleet eu from ")
    cluster.start("worker", "eu-1", 2, 2, fleet="eu")
    back = {"eu-1-2": 14, "worker-1-1": 6, "us-1-1": 0}
    wait_until(lambda: users(cluster) == back, 30, "they are back")
    runs.stop(run)
    document = runs.wait_for_end(run)
    assert document["state"] == "finished"
    assert running(document).endswith(": the others had its users")
    assert " to " in running(document)


def test_a_test_of_the_page_has_the_clusters_shares_and_an_empty_field_none(
    make_cluster: Callable[..., Cluster],
) -> None:
    cluster = make_cluster(
        files={"locustfile.py": TEST}, workers=1, fleets={"eu": EU}, shares={"eu": "100%"}
    )
    cluster.start("master")
    cluster.start("worker", "worker-1")
    cluster.start("worker", "eu-1", fleet="eu")
    cluster.wait_for_page()
    cluster.wait_for_workers(2)
    wait_until(lambda: users(cluster) == {"eu-1-1": 0, "worker-1-1": 0}, 30, "both are known")
    form = {"user_count": "10", "spawn_rate": "10"}
    assert ask(f"{cluster.url}/swarm", form=form).json()["success"]
    wait_until(lambda: users(cluster) == {"eu-1-1": 10, "worker-1-1": 0}, 30, "users are at eu")
    assert ask(f"{cluster.url}/stop", form={}).json()["success"]
    runs = Runs(cluster)
    page = runs.ask("GET", "/cluster/runs").json()["runs"][0]["id"]
    assert runs.get(page)["request"]["shares"] == {"eu": "100%"}

    run = runs.start(user_count=10, spawn_rate=10, run_time="5s", shares={})
    wait_until(lambda: users(cluster) == {"eu-1-1": 5, "worker-1-1": 5}, 30, "users are even")
    assert runs.wait_for_end(run)["request"]["shares"] == {}
    assert {name: len(read) for name, read in ranks(cluster).items()} == {
        **{"eu-1-1": 2, "master-1": 2, "worker-1-1": 2},
    }
