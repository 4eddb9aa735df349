"""Runs end, and let the next one begin, whatever goes wrong on the master meanwhile."""

import json
from collections.abc import Callable

from cluster import Cluster, ask, wait_until
from runs_client import SHOP, Runs

Make = Callable[..., Cluster]

NO_LOG = """
import errno
from locust_cluster.runs import run_log

def refuse(path):
    raise OSError(errno.ENOSPC, "No space left on device")

run_log.open_to_append = refuse
"""

NO_FIGURES = """
from locust_cluster.runs import locust_statistics

def fail(*args):
    raise RuntimeError("no figures")

locust_statistics.request_figures = fail
"""

FULL_DISK = """
import errno, os, pathlib
from locust_cluster.runs import archive

full = pathlib.Path(os.environ["CLUSTER_RUNS_DIR"]).with_name("full")
plain = archive.write_atomically

def write_unless_full(path, content):
    if full.exists():
        raise OSError(errno.ENOSPC, "No space left on device")
    plain(path, content)

archive.write_atomically = write_unless_full
"""

CLOCK_SET_BACK = """
import time
from locust import events

clock = time.time
begun = []

@events.test_start.add_listener
def set_back(environment, **_):
    if type(environment.runner).__name__ == "MasterRunner":
        begun.append(time.monotonic())

time.time = lambda: clock() - (3600 if begun and time.monotonic() > begun[0] + 1 else 0)
"""


def begin(make_cluster: Make, mishap: str) -> tuple[Cluster, Runs]:
    cluster = make_cluster(files={"locustfile.py": SHOP + mishap})
    cluster.start("master")
    cluster.start("worker")
    cluster.wait_for_page()
    cluster.wait_for_workers(1)
    return cluster, Runs(cluster)


def test_a_test_of_the_page_without_its_log_is_a_run(make_cluster: Make) -> None:
    cluster, runs = begin(make_cluster, NO_LOG)
    for _ in range(2):
        form = {"user_count": "1", "spawn_rate": "1", "host": "http://a.example"}
        assert ask(f"{cluster.url}/swarm", form).status == 200
        wait_until(lambda: runs.ask("GET", "/cluster/runs").json()["active"], 5, "it is a run")
        run = runs.ask("GET", "/cluster/runs").json()["active"]
        wait_until(lambda run=run: runs.get(run)["total"], 5, "it is measured")  # type: ignore[misc]
        assert ask(f"{cluster.url}/stop", {}).status == 200
        assert runs.wait_for_end(run)["state"] == "finished"
    assert "has no master.log: [Errno 28] No space left on device" in cluster.log()


def test_a_run_whose_results_fail_is_closed_and_says_so(make_cluster: Make) -> None:
    _, runs = begin(make_cluster, NO_FIGURES)
    for _ in range(2):
        document = runs.wait_for_end(runs.start(user_count=1, run_time="2s"))
        assert document["state"] == "failed"
        assert document["reason"] == "its results are not complete: RuntimeError: no figures"


def test_a_clock_that_is_set_back_disturbs_no_run(make_cluster: Make) -> None:
    _, runs = begin(make_cluster, CLOCK_SET_BACK)
    aborting = {"expression": "GET /checkout p95 < 1s", "abort": True, "grace": 5}
    run = runs.start(user_count=4, spawn_rate=4, run_time="20s", thresholds=[aborting])
    document = runs.wait_for_end(run)
    assert document["reason"].startswith("aborted: GET /checkout p95 < 1s")
    assert 5 <= document["progress"]["elapsed_s"] <= 9
    rows = runs.ask("GET", f"/cluster/runs/{run}/timeline").json()["rows"]
    assert [round(row["elapsed_s"]) for row in rows][:3] == [2, 4, 6]
    times = [state["time"] for state in document["states"]] + [document["ended"]]
    assert times == sorted(times)
    document = runs.wait_for_end(runs.start(user_count=1, run_time="3s"))
    assert (document["reason"], document["progress"]["elapsed_s"]) == ("its run time is over", 3)


def test_a_run_is_over_when_its_end_is_on_disk(make_cluster: Make) -> None:
    cluster, runs = begin(make_cluster, FULL_DISK)
    allowed = ["p95 < 5s", "fail_ratio < 90%"]
    run = runs.start(user_count=2, run_time="3s", thresholds=allowed)
    runs.wait(run, "running")
    full = cluster.folder / "full"
    full.touch()
    said = "its files cannot be written, trying again: No space left on device"
    wait_until(lambda: runs.get(run)["reason"] == said, 10, "it says why it is not over")
    document = runs.get(run)
    assert (document["state"], document["ended"]) == ("stopping", None)
    refused = runs.ask("POST", "/cluster/runs", {"user_count": 1})
    assert (refused.status, refused.json()["error"]["run"]) == (409, run)
    full.unlink()
    document = runs.wait_for_end(run)
    assert (document["state"], document["passed"]) == ("finished", True)
    over = ["its run time is over"] * 2
    assert [each["reason"] for each in document["states"]] == [None, None, None, *over]
    assert (document["progress"]["elapsed_s"], document["total"]["requests"] > 0) == (3, True)
    names = [file["name"] for file in runs.ask("GET", f"/cluster/runs/{run}/files").json()["files"]]
    assert {"stats.csv", "report.html", "run.json"} <= set(names)
    assert json.loads(runs.file(run, "run.json")) == document
