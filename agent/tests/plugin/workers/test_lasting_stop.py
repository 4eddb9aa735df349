"""A test that is stopped while its users are distributed anew stays stopped."""

import re
import signal
import time
from collections.abc import Callable

from cluster import Cluster, ask, wait_until

# Takes a while to spawn: for so long the master waits for reports of what it has distributed.
SLOW = """
import gevent
from locust import User, constant, task


class Slow(User):
    wait_time = constant(1)

    def __init__(self, *args):
        super().__init__(*args)
        gevent.sleep(0.5)

    @task
    def work(self):
        pass
"""

PATIENT = {"LOCUST_WAIT_FOR_WORKERS_REPORT_AFTER_RAMP_UP": "10"}


def look(cluster: Cluster) -> tuple[str, list[str]]:
    """The state of the test, and those of the workers."""
    shown = ask(f"{cluster.url}/stats/requests").json()
    return str(shown["state"]), sorted(worker["state"] for worker in shown["workers"])


def test_stopped_right_after_a_worker_was_lost(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster(files={"locustfile.py": SLOW}, environ=PATIENT)
    cluster.start("master")
    workers = [cluster.start("worker", process=number, processes=3) for number in (1, 2, 3)]
    cluster.wait_for_workers(3)
    form = {"user_count": "30", "spawn_rate": "30"}
    assert ask(f"{cluster.url}/swarm", form=form).json()["success"]
    wait_until(lambda: look(cluster) == ("running", ["running"] * 3), 30, "the test runs")
    workers[0].send_signal(signal.SIGKILL)
    cluster.wait_for_log("Sending spawn jobs of 30 users at 30.00 spawn rate to 2 ready workers")
    assert ask(f"{cluster.url}/stop", form={}).json()["success"]
    wait_until(lambda: look(cluster)[0] == "stopped", 30, "the test is over")
    # Both times that it has distributed users it says so at last, one way or the other.
    said = r"(?:All users spawned|Spawning is complete .*): {"
    wait_until(lambda: len(re.findall(said, cluster.log())) == 2, 60, "the master waited")
    time.sleep(2)  # for so long Locust's page shows what it had
    assert look(cluster) == ("stopped", ["missing", "ready", "ready"])
