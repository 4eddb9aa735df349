"""A master that is killed at a random moment leaves a run that can be read."""

import json
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cluster import Cluster, wait_until
from runs_client import SHOP, Runs

from locust_cluster.runs.archive import RunFolder

MOMENTS = 3


def read_all(folder: Path) -> dict[str, Any]:
    """Everything that a killed master left must be readable, before anything mends it."""
    document: dict[str, Any] = json.loads((folder / "run.json").read_bytes())
    for file in folder.glob("*.csv"):
        assert file.read_text().endswith("\n"), file.name
    times = [row["time"] for row in RunFolder(folder).timeline().good]
    assert times == sorted(times)
    return document


def test_killed_at_any_moment(make_cluster: Callable[..., Cluster]) -> None:
    clusters = [make_cluster(files={"locustfile.py": SHOP}) for _ in range(MOMENTS)]
    for cluster in clusters:
        cluster.start("master")
        cluster.start("worker")
    started: list[tuple[Cluster, str, float]] = []
    for number, cluster in enumerate(clusters):
        cluster.wait_for_page()
        run = Runs(cluster).start(user_count=4, spawn_rate=4, run_time="1m")
        moment = number * 2 + random.random() * 2  # noqa: S311
        started.append((cluster, run, time.monotonic() + moment))
    for cluster, run, moment in sorted(started, key=lambda each: each[2]):
        time.sleep(max(0, moment - time.monotonic()))
        cluster.processes[0].send_signal(signal.SIGKILL)
        cluster.processes[0].wait()
        left = read_all(cluster.folder / "runs" / run)
        cluster.start("master")
        cluster.wait_for_page()
        after = Runs(cluster).get(run)
        if left["state"] == "waiting":
            # It had not begun: the next master goes on with it.
            assert after["state"] in ("waiting", "starting", "running")
            continue
        # Locust has not begun with a run that is still "starting".
        assert left["state"] in ("starting", "running")
        assert after["state"] == "interrupted"
        assert after["reason"] == "the master was stopped or died during the run"
        assert after["request"] == left["request"]
        listed = Runs(cluster).ask("GET", "/cluster/runs").json()
        assert (listed["active"], listed["runs"][0]["state"]) == (None, "interrupted")
        rows = Runs(cluster).ask("GET", f"/cluster/runs/{run}/timeline").json()["rows"]
        assert len(rows) >= int(left["progress"]["elapsed_s"]) // 2


def test_a_master_that_is_stopped_writes_everything_and_a_run_that_waits_is_not_lost(
    make_cluster: Callable[..., Cluster],
) -> None:
    cluster = make_cluster(files={"locustfile.py": SHOP})
    master = cluster.start("master")
    cluster.start("worker")
    cluster.wait_for_page()
    runs = Runs(cluster)
    run = runs.start(user_count=4, spawn_rate=4, run_time="1m", thresholds=["max < 2s"])
    wait_until(lambda: (runs.get(run)["total"] or {}).get("requests"), 10, "it makes requests")
    master.terminate()
    master.wait(timeout=10)
    folder = cluster.folder / "runs" / run
    document = read_all(folder)
    assert (document["state"], document["passed"]) == ("interrupted", None)
    assert document["reason"] == "the master was stopped during the run"
    assert document["total"]["requests"] > 0
    assert (folder / "report.html").exists()

    master = cluster.start("master")
    cluster.wait_for_page()
    run = runs.start(user_count=1, expect_workers=7)
    master.kill()
    master.wait()
    cluster.start("master")
    cluster.wait_for_page()
    document = runs.get(run)
    assert (document["state"], document["request"]["expect_workers"]) == ("waiting", 7)
    runs.stop(run)
    assert runs.wait_for_end(run)["state"] == "cancelled"


def test_a_master_that_just_started_waits_for_all_machines_and_for_none_that_was_removed(
    make_cluster: Callable[..., Cluster],
) -> None:
    """It knows only the machines that have connected; the manifest says how many there are."""
    cluster = make_cluster(files={"locustfile.py": SHOP}, workers=2)
    cluster.start("master")
    cluster.start("worker", node="worker-1")
    cluster.wait_for_page()
    cluster.wait_for_workers(1)
    runs = Runs(cluster)
    run = runs.start(user_count=1, spawn_rate=1, run_time="1s")
    known = "1 of 2 worker machines are connected"
    wait_until(lambda: runs.get(run)["reason"] == known, 20, "it waits for the second machine")
    second = cluster.start("worker", node="worker-2")
    assert runs.wait_for_end(run)["workers"] == {"connected": 2, "expected": 2}

    # A deploy with fewer workers writes another manifest, which restarts nothing.
    cluster.workers = 1
    cluster.write_current()
    second.kill()
    cluster.wait_for_workers(1)
    run = runs.start(user_count=1, spawn_rate=1, run_time="1s")
    assert runs.wait_for_end(run)["workers"] == {"connected": 1, "expected": 1}
