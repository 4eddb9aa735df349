"""A killed master, and workers that are deaf for a while.

The scenarios wait for time limits of Locust most of their time: they run side by side.
"""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cluster import Cluster, ask, wait_until

pytestmark = pytest.mark.locust

RESTART_S = 2
"""RestartSec of the units (boot/units.sh)."""

BUSY = """
from locust import User, constant, task


class Busy(User):
    wait_time = constant(1)

    @task
    def work(self):
        pass
"""

# The limit is lowered to 4 s, so that a listener of 6 s exceeds it. Heartbeats come each second,
# and later on a busy machine.
RECEIVES_NOTHING = """
import time

from locust import events
from locust_cluster.plugin.workers import master_loss

master_loss.MASTER_SILENCE_S = 4


@events.test_start.add_listener
def slow_start(environment, **kwargs):
    if environment.web_ui is None:
        time.sleep(6)
"""


def keep_running(start: Callable[[], "subprocess.Popen[bytes]"], over: threading.Event) -> None:
    """What `Restart=always` does."""
    while not over.is_set():
        process = start()
        while process.poll() is None and not over.is_set():
            time.sleep(0.05)
        over.wait(RESTART_S)


def process_states(cluster: Cluster) -> list[str]:
    """Of the workers that have said who they are, which they do after they are counted."""
    nodes = ask(f"{cluster.url}/cluster/nodes").json()["nodes"]
    return [process["state"] for node in nodes[1:] for process in node["processes"]]


def killed_master(folder: Path) -> tuple[float, float]:
    """Seconds from the master's end to all workers' return, and those of their first start here."""
    cluster = Cluster(folder, files={"locustfile.py": BUSY})
    over = threading.Event()
    units = [
        threading.Thread(
            target=keep_running,
            args=(lambda p=p: cluster.start("worker", process=p, processes=2), over),
        )
        for p in (1, 2)
    ]
    begin = time.monotonic()
    master = cluster.start("master")
    try:
        for unit in units:
            unit.start()
        cluster.wait_for_page()
        cluster.wait_for_workers(2)
        first_start = time.monotonic() - begin
        form = {"user_count": "4", "spawn_rate": "4"}
        assert ask(f"{cluster.url}/swarm", form=form).json()["success"]
        wait_until(lambda: process_states(cluster) == ["running"] * 2, 15, "the test runs")

        master.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        master.wait()
        time.sleep(RESTART_S)
        cluster.start("master")
        cluster.wait_for_page()
        cluster.wait_for_workers(2, seconds=60)
        seconds = time.monotonic() - killed
        assert ask(f"{cluster.url}/cluster/nodes").json()["nodes"][1]["state"] == "ready"
        return seconds, first_start
    finally:
        over.set()
        for unit in units:
            unit.join(timeout=5)
        cluster.stop()


def stopped_master(folder: Path) -> tuple[int, int]:
    """Exit codes of master and worker after SIGTERM to the master."""
    cluster = Cluster(folder)
    try:
        worker = cluster.start("worker")  # is there first, and waits for its master
        master = cluster.start("master")
        cluster.wait_for_workers(1)
        master.send_signal(signal.SIGTERM)
        return master.wait(timeout=15), worker.wait(timeout=15)
    finally:
        cluster.stop()


def deaf_worker(folder: Path) -> tuple[int | None, str]:
    """Exit code (None while it runs) and log of a worker that was deaf for too long."""
    cluster = Cluster(
        folder, {"locustfile.py": RECEIVES_NOTHING + BUSY}, args=("--stop-timeout", "1")
    )
    try:
        cluster.start("master")
        worker = cluster.start("worker")
        cluster.wait_for_workers(1)
        form = {"user_count": "1", "spawn_rate": "1"}
        assert ask(f"{cluster.url}/swarm", form=form).json()["success"]
        wait_until(lambda: process_states(cluster) == ["running"], 60, "the test runs")
        assert ask(f"{cluster.url}/stop", form={}).json()["success"]
        wait_until(lambda: process_states(cluster) == ["ready"], 60, "the worker is ready again")
        return worker.poll(), cluster.log("worker-1-1")
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Any]]]:
    scenarios: list[Callable[[Path], Any]] = [killed_master, stopped_master, deaf_worker]
    with ThreadPoolExecutor() as pool:
        yield {s.__name__: pool.submit(s, tmp_path_factory.mktemp(s.__name__)) for s in scenarios}


def test_workers_return_soon_after_a_killed_master(outcomes: dict[str, Future[Any]]) -> None:
    """On booted machines it is within 20 s; here both starts may be slow."""
    seconds, start = outcomes["killed_master"].result(120)
    # The master's start, a report, the workers' start; and 5 s.
    assert seconds < RESTART_S + start + 3 + RESTART_S + start + 5


def test_master_and_workers_end_well_when_the_master_is_stopped(
    outcomes: dict[str, Future[Any]],
) -> None:
    assert outcomes["stopped_master"].result(120) == (0, 0)


def test_a_deaf_worker_does_not_blame_its_master(outcomes: dict[str, Future[Any]]) -> None:
    exit_code, log = outcomes["deaf_worker"].result(120)
    assert exit_code is None
    assert "Didn't get heartbeat" not in log
