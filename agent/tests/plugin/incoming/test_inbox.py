"""A real master on loopback that is sent garbage."""

import contextlib
import resource
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import zmq
from bad_messages import ABSURD, GARBAGE, SPOILS
from cluster import Cluster, ask, wait_until
from locust.exception import RPCError
from locust.rpc import rpc as locust_rpc
from runs_client import SHOP, Runs
from worker_messages import CLIENT, frames, packed, ready_of, report

from locust_cluster.common.constants import NUMBER_KEY
from locust_cluster.common.settings import read_settings
from locust_cluster.plugin.incoming import zmtp
from locust_cluster.plugin.incoming.inbox import Inbox
from locust_cluster.plugin.incoming.lost_reports import LostReports
from locust_cluster.plugin.incoming.messages import MOST_BYTES
from locust_cluster.service.page_health import RECEIVES_NOTHING, page_trouble


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("inbox"), files={"locustfile.py": SHOP})
    try:
        cluster.start("master")
        cluster.wait_for_page()
        yield cluster
    finally:
        cluster.stop()


class Peer:
    """Anybody who reaches the workers' port."""

    def __init__(self, cluster: Cluster, client: str = CLIENT) -> None:
        self.socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.IDENTITY, client.encode())
        self.socket.setsockopt(zmq.LINGER, 2000)
        self.socket.connect(f"tcp://127.0.0.1:{cluster.master_port}")

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *parts: bytes) -> None:
        self.socket.send_multipart(parts or (b"",))


def dropped(cluster: Cluster) -> int:
    return int(ask(f"{cluster.url}/cluster/health").json()["dropped_messages"])


def spoiled_reports() -> Iterator[dict[str, Any]]:
    for spoil in SPOILS:
        spoiled = report()
        spoil(spoiled)
        yield spoiled


@pytest.mark.locust
def test_survives_garbage_and_runs_a_test_afterwards(master: Cluster) -> None:
    before = dropped(master)
    with Peer(master) as peer:
        for parts in GARBAGE:
            peer.send(*parts)
        for kind, data in ABSURD:
            peer.send(frames(kind, data)[1])
        for spoiled in spoiled_reports():
            peer.send(frames("stats", spoiled)[1])
        sent = len(GARBAGE) + len(ABSURD) + len(SPOILS)
        wait_until(lambda: dropped(master) >= before + sent, 20, "all of it is dropped")
    health = ask(f"{master.url}/cluster/health")
    assert (health.status, health.json()["status"]) == (200, "ok")
    shown = ask(f"{master.url}/cluster/nodes").json()
    assert shown["dropped_messages"]["count"] == before + sent
    assert shown["dropped_messages"]["last"].startswith("cluster_node must be an object")
    assert len(shown["nodes"]) == 1

    master.start("worker")
    master.wait_for_workers(1)
    runs = Runs(master, "")
    run = runs.start(user_count=2, spawn_rate=2, run_time="3s")
    ended = runs.wait_for_end(run)
    assert (ended["state"], ended["total"]["requests"] > 0) == ("finished", True)
    assert dropped(master) == before + sent


@pytest.mark.locust
def test_an_endless_message_fills_no_memory(master: Cluster) -> None:
    """ZeroMQ keeps the parts of a message until the last one is there, 64 bytes for each."""
    before, memory_before = dropped(master), resident(master)
    attacker = socket.create_connection(("127.0.0.1", master.master_port), timeout=10)
    attacker.sendall(zmtp.GREETING + ready_of(b"attacker_" + b"0" * 32))
    with attacker, contextlib.suppress(OSError):  # it is hung up on
        for _ in range(8):
            attacker.sendall(b"\x01\x00" * (1 << 20))
    wait_until(lambda: dropped(master) == before + 1, 10, "it is dropped")
    assert resident(master) - memory_before < 50 << 20


def resident(cluster: Cluster) -> int:
    """Bytes of memory that the master's process takes."""
    pages = Path(f"/proc/{cluster.processes[0].pid}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def test_says_that_its_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """In Locust's words, which its runner looks for."""
    monkeypatch.setattr(locust_rpc, "Server", locust_rpc.Server)
    Inbox().install()
    first = locust_rpc.Server("127.0.0.1", 0)
    with pytest.raises(RPCError, match="Socket bind failure: Address already in use"):
        locust_rpc.Server("127.0.0.1", first.port)
    first.close(linger=0)


def test_only_reports_of_connected_workers_are_missed() -> None:
    """Not what anybody else sends: that would spoil every run."""
    lost: list[str] = []
    inbox = Inbox("", lost.append)
    runner: Any = SimpleNamespace(
        clients={CLIENT: None}, custom_messages={}, handle_message=None, worker_indexes={}
    )
    inbox.attach(runner)
    too_long = packed("stats", report()) + b" " * MOST_BYTES
    spoilt = frames("stats", {**report(), "stats": None})
    stranger = "stranger_" + "0" * 32
    sent = [
        frames("stats", {**report(), "stats": None}, stranger),
        frames("heartbeat", None),
        frames("exception", None),
        [CLIENT.encode(), too_long],
        spoilt,
        frames("quit", None),
    ]
    socket = SimpleNamespace(recv_multipart=lambda: sent.pop(0))
    assert inbox.receive(socket)[1].type == "quit"
    assert inbox.dropped.count == 5
    assert [reason.split(" must ")[0].split(" of up")[0] for reason in lost] == [
        "an exception",
        "a message has one part",
        "stats",
    ]


def test_a_report_that_is_missing_is_missed_once() -> None:
    lost: list[str] = []
    inbox = Inbox("", lost.append)
    runner: Any = SimpleNamespace(
        clients={CLIENT: None}, custom_messages={}, handle_message=None, worker_indexes={CLIENT: 0}
    )
    inbox.attach(runner)
    stranger = "stranger_" + "0" * 32

    def numbered(number: int, client: str = CLIENT, **more: object) -> list[bytes]:
        return frames("stats", {**report(), NUMBER_KEY: number, **more}, client)

    without = frames("stats", report())  # of a worker whose agent is older
    sent = [
        *[numbered(7), numbered(8), without, numbered(11)],
        *[numbered(12, stats=None), numbered(13), numbered(14)],
        *[numbered(1, stranger), numbered(9, stranger), frames("quit", None)],
    ]
    socket = SimpleNamespace(recv_multipart=lambda: sent.pop(0))
    while inbox.receive(socket)[1].type != "quit":
        pass
    assert lost[0] == f"2 reports of {CLIENT} did not arrive"
    assert [reason.split(" must ")[0] for reason in lost[1:]] == ["stats"]


def test_a_refused_report_is_not_missed_once_more() -> None:
    """It may be refused while the one before it is on its way from its connection to the inbox."""
    lost = LostReports()
    assert lost.missing(CLIENT, 7) == 0
    lost.refuse(CLIENT)
    assert [lost.missing(CLIENT, number) for number in (8, 10, 11, 13)] == [0, 0, 0, 1]
    lost.keep(())
    assert len(lost) == 0


def test_goes_on_when_locust_stumbles(make_cluster: Callable[..., Cluster]) -> None:
    """Over a message that is well-formed: its own code fails, or an answer cannot be sent."""
    stumbling = make_cluster(files={"locustfile.py": STUMBLING})
    stumbling.start("master")
    stumbling.wait_for_page()
    with Peer(stumbling) as peer:
        peer.send(frames("quit", None)[1])
        wait_until(lambda: dropped(stumbling) == 1, 10, "it is dropped")
    assert "quit from" in ask(f"{stumbling.url}/cluster/nodes").json()["dropped_messages"]["last"]
    stumbling.start("worker")
    stumbling.wait_for_workers(1)


STUMBLING = """
from locust import User
from locust.runners import MasterRunner


class Idle(User):
    pass


handle = MasterRunner.handle_message


def handle_or_stumble(self, client_id, message):
    if message.type == "quit":
        raise RuntimeError("no way")
    handle(self, client_id, message)


MasterRunner.handle_message = handle_or_stumble
"""

DEAD_LISTENER = """
import gevent
from locust import User, events


class Idle(User):
    pass


@events.init.add_listener
def end_the_listener(environment, **_):
    def end():
        for greenlet in list(environment.runner.greenlet):
            if "client_listener" in repr(greenlet):
                greenlet.kill()

    if hasattr(environment.runner, "clients"):
        gevent.spawn_later(2, end)
"""


def test_says_that_nobody_hears_the_workers(make_cluster: Callable[..., Cluster]) -> None:
    deaf = make_cluster(files={"locustfile.py": DEAD_LISTENER})
    deaf.start("master")
    health = f"{deaf.url}/cluster/health"
    deaf.wait_for_page()
    wait_until(lambda: ask(health).status == 503, 10, "health says so")
    assert ask(health).json()["status"] == "failed"
    settings = read_settings(deaf.variables("master", "master", 1, 1))
    assert page_trouble(settings, None) == RECEIVES_NOTHING
    assert page_trouble(replace(settings, web_port=1), None) == "page does not answer"
