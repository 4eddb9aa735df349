"""A worker that is missing when a test is stopped holds up nobody, and stops when it is back."""

import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from cluster import Cluster, ask, wait_until

# The second worker is told to stop when the first one is ready again: without an overlap, Locust
# itself sees for a moment that nobody runs.
ONE_AFTER_ANOTHER = """
import os
import time

from locust import User, constant, events, task
from locust_cluster import master_loss

master_loss.MASTER_SILENCE_S = 300  # it comes back, however slow this machine is


class Busy(User):
    wait_time = constant(0.1)

    @task
    def work(self):
        name = f"process-{os.environ['CLUSTER_PROCESS']}"
        self.environment.events.request.fire(
            request_type="GET", name=name, response_time=1, response_length=1, exception=None
        )


@events.test_stop.add_listener
def linger(environment, **_):
    if environment.web_ui is None:
        time.sleep(1.5 * int(os.environ["CLUSTER_PROCESS"]))
"""

FORM = {"user_count": "3", "spawn_rate": "3"}


class Wire:
    """A way to the master's port that can be cut."""

    def __init__(self, port: int) -> None:
        self.is_cut = False
        self._to = port
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        self._close(*self._ends)

    def close(self) -> None:
        self._close(self._listener, *self._ends)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                if self.is_cut:
                    here.close()
                    continue
                there = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [here, there]
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        self._close(source, target)

    def _close(self, *ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def state(cluster: Cluster) -> str:
    return str(ask(f"{cluster.url}/stats/requests").json()["state"])


def workers(cluster: Cluster) -> list[str]:
    shown = ask(f"{cluster.url}/stats/requests").json()["workers"]
    return sorted(worker["state"] for worker in shown)


def requests(cluster: Cluster, process: int) -> int:
    """As Locust's page shows them."""
    stats = ask(f"{cluster.url}/stats/requests").json()["stats"]
    return sum(each["num_requests"] for each in stats if each["name"] == f"process-{process}")


@pytest.fixture
def cluster(make_cluster: Callable[..., Cluster]) -> Cluster:
    made = make_cluster(files={"locustfile.py": ONE_AFTER_ANOTHER})
    made.start("master")
    made.wait_for_page()
    return made


@pytest.fixture
def wire(cluster: Cluster) -> Iterator[Wire]:
    made = Wire(cluster.master_port)
    yield made
    made.close()


def start_test(cluster: Cluster) -> None:
    cluster.wait_for_workers(3)
    assert ask(f"{cluster.url}/swarm", form=FORM).json()["success"]
    wait_until(lambda: workers(cluster) == ["running"] * 3, 60, "the test runs")


def end_without_one(cluster: Cluster) -> None:
    wait_until(lambda: "missing" in workers(cluster), 60, "one is missing")
    assert ask(f"{cluster.url}/stop", form={}).json()["success"]
    wait_until(lambda: state(cluster) == "stopped", 30, "the test is over")
    assert workers(cluster) == ["missing", "ready", "ready"]


def test_a_test_is_over_when_those_that_are_heard_have_stopped(cluster: Cluster) -> None:
    silent, *_ = [cluster.start("worker", process=number, processes=3) for number in (1, 2, 3)]
    start_test(cluster)
    silent.send_signal(signal.SIGSTOP)
    end_without_one(cluster)

    silent.send_signal(signal.SIGCONT)
    wait_until(lambda: workers(cluster) == ["ready"] * 3, 60, "it has stopped, too")
    start_test(cluster)


def test_one_that_could_not_hear_the_stop_is_told_when_it_is_back(
    cluster: Cluster, wire: Wire
) -> None:
    lost = start_all(cluster, wire)
    wire.cut()
    end_without_one(cluster)
    wire.is_cut = False
    wait_until(lambda: workers(cluster) == ["ready"] * 3, 60, "it has stopped, too")
    assert lost.poll() is None


def test_what_it_has_counted_does_not_get_into_the_next_test(cluster: Cluster, wire: Wire) -> None:
    start_all(cluster, wire)
    wire.cut()
    end_without_one(cluster)
    assert ask(f"{cluster.url}/swarm", form=FORM).json()["success"]
    time.sleep(6)
    wire.is_cut = False
    healed = time.monotonic()
    wait_until(lambda: workers(cluster) == ["running"] * 3, 60, "it is in the new test")
    wait_until(lambda: requests(cluster, process=1) > 0, 60, "it is counted")
    # One of three users, ten requests a second, since it was back at the earliest.
    assert requests(cluster, process=1) < 10 * (time.monotonic() - healed) + 10


def start_all(cluster: Cluster, wire: Wire) -> "subprocess.Popen[bytes]":
    """Start a test of which one worker is on the wire, and return this one."""
    port, cluster.master_port = cluster.master_port, wire.port
    on_the_wire = cluster.start("worker", process=1, processes=3)
    cluster.master_port = port
    for number in (2, 3):
        cluster.start("worker", process=number, processes=3)
    start_test(cluster)
    return on_the_wire
