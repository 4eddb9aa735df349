"""A worker that is silent when a test is stopped holds up nobody."""

import signal
from collections.abc import Callable

from cluster import Cluster, ask, wait_until

# The second worker is told to stop when the first one is ready again: without an overlap, Locust
# itself sees for a moment that nobody runs.
ONE_AFTER_ANOTHER = """
import os
import time

from locust import User, constant, events, task


class Busy(User):
    wait_time = constant(1)

    @task
    def work(self):
        pass


@events.test_stop.add_listener
def linger(environment, **_):
    if environment.web_ui is None:
        time.sleep(1.5 * int(os.environ["CLUSTER_PROCESS"]))
"""


def state(cluster: Cluster) -> str:
    return str(ask(f"{cluster.url}/stats/requests").json()["state"])


def workers(cluster: Cluster) -> list[str]:
    shown = ask(f"{cluster.url}/stats/requests").json()["workers"]
    return sorted(worker["state"] for worker in shown)


def test_it_is_over_when_those_that_are_heard_have_stopped(
    make_cluster: Callable[..., Cluster],
) -> None:
    cluster = make_cluster(files={"locustfile.py": ONE_AFTER_ANOTHER})
    cluster.start("master")
    silent, *_ = [cluster.start("worker", process=number, processes=3) for number in (1, 2, 3)]
    cluster.wait_for_workers(3)
    form = {"user_count": "3", "spawn_rate": "3"}
    assert ask(f"{cluster.url}/swarm", form=form).json()["success"]
    wait_until(lambda: workers(cluster) == ["running"] * 3, 15, "the test runs")
    silent.send_signal(signal.SIGSTOP)
    wait_until(lambda: "missing" in workers(cluster), 15, "one is missing")
    assert ask(f"{cluster.url}/stop", form={}).json()["success"]
    wait_until(lambda: state(cluster) == "stopped", 15, "the test is over")
    assert workers(cluster) == ["missing", "ready", "ready"]

    # It learns of the end when it is heard again, and the next test has all three.
    silent.send_signal(signal.SIGCONT)
    wait_until(lambda: workers(cluster) == ["ready"] * 3, 30, "it has stopped, too")
    assert ask(f"{cluster.url}/swarm", form=form).json()["success"]
    wait_until(lambda: workers(cluster) == ["running"] * 3, 15, "the next test runs")
