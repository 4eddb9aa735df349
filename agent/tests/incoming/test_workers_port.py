"""The workers' port takes what ZeroMQ sends, and hangs up on who would fill the master's memory."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
import zmq.green as zmq
from worker_messages import CLIENT, packed, ready_of, report

from locust_cluster.incoming import peer, workers_port, zmtp
from locust_cluster.incoming.inbox import Inbox
from locust_cluster.incoming.messages import MOST_BYTES
from locust_cluster.incoming.workers_port import WorkersPort

READY = b"\x05READY\x0bSocket-Type\0\0\0\x06DEALER"


class Port:
    """A port of a test, and what was refused there."""

    def __init__(self) -> None:
        self.refused: list[tuple[str, list[bytes]]] = []
        self.port = WorkersPort(
            "127.0.0.1",
            0,
            MOST_BYTES,
            100,
            lambda reason, parts: self.refused.append((reason, parts)),
        )

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port.port), timeout=10)

    def peer(self, number: int = 0) -> socket.socket:
        """One that has said who it is."""
        connection = self.connect()
        connection.sendall(zmtp.GREETING + ready_of(client(number)))
        answer = b""
        while not answer.endswith(zmtp.ready()):
            answer += connection.recv(1000)
        return connection

    def why(self) -> str:
        """Wait for the next refusal."""
        with gevent.Timeout(10):
            while not self.refused:
                gevent.sleep(0.01)
        return self.refused.pop()[0]

    def receive(self) -> list[bytes]:
        with gevent.Timeout(10):
            return self.port.recv_multipart()


def client(number: int) -> bytes:
    return f"host_{number:032x}".encode()


@pytest.fixture
def port() -> Iterator[Port]:
    made = Port()
    yield made
    made.port.close()


@pytest.fixture
def dealer(port: Port) -> Iterator[Any]:
    """As in Locust's workers."""
    made: Any = zmq.Context.instance().socket(zmq.DEALER)
    made.setsockopt(zmq.IDENTITY, CLIENT.encode())
    made.connect(f"tcp://127.0.0.1:{port.port.port}")
    yield made
    made.close(linger=0)


@pytest.mark.parametrize(
    "size", [0, 1, 255, 256, peer.LONG_MESSAGE, peer.LONG_MESSAGE + 1, MOST_BYTES]
)
def test_speaks_with_zeromq(port: Port, dealer: Any, size: int) -> None:
    message = bytes(size)
    dealer.send(message)
    assert port.receive() == [CLIENT.encode(), message]
    port.port.send_multipart([CLIENT.encode(), message])
    with gevent.Timeout(10):
        assert dealer.recv() == message
    assert not port.refused


def test_a_python_of_macos_has_another_name_for_the_keepalive(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.python.org/3/library/socket.html: TCP_KEEPALIVE is macOS's TCP_KEEPIDLE."""
    monkeypatch.setattr(socket, "TCP_KEEPALIVE", socket.TCP_KEEPIDLE, raising=False)
    monkeypatch.delattr(socket, "TCP_KEEPIDLE")
    with port.peer() as connection:
        connection.sendall(zmtp.frame(b"hello"))
        assert port.receive()[1] == b"hello"


def test_an_endless_message_is_refused_at_its_first_part(port: Port) -> None:
    connection = port.peer()
    connection.sendall(b"\x01\x00")
    assert port.why() == "a message has one part, got the first of several"
    assert connection.recv(1) == b""


def test_a_report_that_is_too_long_is_a_report(port: Port, dealer: Any) -> None:
    """Not silence: the figures in it are lost. The worker goes on."""
    lost: list[str] = []
    inbox = Inbox("", lost.append)
    runner: Any = SimpleNamespace(clients={CLIENT}, custom_messages=(), handle_message=None)
    inbox.attach(runner)
    dealer.send(packed("stats", report()) + bytes(MOST_BYTES))
    dealer.send(packed("of_the_test", None) + bytes(MOST_BYTES))
    dealer.send(b"next")
    assert port.receive()[1] == b"next"
    assert len(port.refused) == 2
    for reason, parts in port.refused:
        inbox.refuse(reason, parts)
    assert inbox.dropped.count == 2
    assert len(lost) == 1
    assert lost[0].startswith(f"a message has one part of up to {MOST_BYTES} bytes, got 16")


def test_few_long_messages_are_held(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends, and however much: the rest waits with the senders."""
    monkeypatch.setattr(peer, "LONG_MESSAGE", 1000)
    sent: list[int] = []

    def send(number: int) -> None:
        # More than the kernel keeps of one connection.
        port.peer(number).sendall(zmtp.frame(bytes(MOST_BYTES)))
        sent.append(number)

    senders = [gevent.spawn(send, number) for number in range(workers_port.MOST_LONG + 3)]
    gevent.sleep(2)
    assert len(sent) == workers_port.MOST_LONG
    with port.peer(99) as another:
        another.sendall(zmtp.frame(b"short"))
        received = [port.receive()[1] for _ in range(len(senders) + 1)]
    assert sorted(map(len, received)) == [5, *[MOST_BYTES] * len(senders)]
    gevent.joinall(senders, timeout=10, raise_error=True)


def test_half_a_message_holds_nobody_up(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "MESSAGE_S", 0.5)
    halves = []
    for number in range(workers_port.MOST_LONG):
        halves.append(port.peer(number))
        halves[-1].sendall(zmtp.frame(packed("stats", report(500)))[:-1])
    with port.peer(99) as another:
        another.sendall(zmtp.frame(bytes(MOST_BYTES)))
        assert len(port.receive()[1]) == MOST_BYTES
    assert {parts[1][:7] for _, parts in port.refused} == {packed("stats", None)[:7]}
    assert port.why().endswith(" bytes was not there after 0.5 s")
    for half in halves:
        half.close()


@pytest.mark.parametrize("size", [1, 32, 500, peer.LONG_MESSAGE, peer.LONG_MESSAGE + 1])
def test_half_a_message_of_any_size_is_refused(
    port: Port, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer, "MESSAGE_S", 0.2)
    message = packed("stats", report())[:size].ljust(size)
    with port.peer() as half:
        half.sendall(zmtp.frame(message)[:-1])
        with gevent.Timeout(10):
            while not port.refused:
                gevent.sleep(0.01)
        reason, parts = port.refused.pop()
        assert reason == f"a message of {size} bytes was not there after 0.2 s"
        assert parts[1] == (message[:32] if size > 32 else b"")
        assert half.recv(1) == b""


def test_half_a_command_is_refused(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "MESSAGE_S", 0.2)
    with port.peer() as half:
        half.sendall(b"\x04\x07\x04PING")
        assert port.why().endswith(" was not there after 0.2 s")


def test_who_does_not_say_who_it_is_must_go(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "HANDSHAKE_S", 0.2)
    with port.connect() as connection:
        connection.sendall(zmtp.GREETING[:-1])
        assert port.why() == "a connection did not say who it is"


NO_PEERS: list[tuple[bytes, str]] = [
    (b"GET / HTTP/1.1\r\n\r\n", "the greeting"),
    (zmtp.GREETING.replace(b"NULL", b"PLAI"), "the greeting"),
    (zmtp.GREETING.replace(b"\x7f\x03", b"\x7f\x01"), "the greeting"),
    (zmtp.GREETING + zmtp.frame(b"quit"), "not READY"),
    (zmtp.GREETING + b"\x04\x06\x05HELLO", "not READY"),
    (zmtp.GREETING + b"\x04\x06" + READY[:6], "no DEALER"),
    (zmtp.GREETING + b"\x04\x0a" + READY[:6] + b"\xff\xff\xff\xff", "no DEALER"),
    (zmtp.GREETING + b"\x06" + b"\xff" * 8, "not READY"),
    (zmtp.GREETING + b"\x08\x00", "flags"),
    (zmtp.GREETING + zmtp.ready(), "no DEALER"),
    (zmtp.GREETING + ready_of(b""), "the id of a worker"),
    (zmtp.GREETING + ready_of(b"\x1b[2J_" + b"0" * 32), "the id of a worker"),
    (zmtp.GREETING + ready_of(client(1)) + b"\x05\x00", "flags"),
    (zmtp.GREETING + ready_of(client(1)) + b"\x06" + b"\xff" * 8, "a command has up to"),
]


@pytest.mark.parametrize(("sent", "reason"), NO_PEERS, ids=lambda value: str(value)[-30:])
def test_refuses_who_is_no_worker(port: Port, sent: bytes, reason: str) -> None:
    with port.connect() as connection:
        connection.sendall(sent)
        why = port.why()
    assert reason in why
    assert why.isprintable()


def test_a_ping_is_no_message(port: Port) -> None:
    with port.peer() as connection:
        connection.sendall(b"\x04\x07\x04PING\0\0" + zmtp.frame(b"after"))
        assert port.receive()[1] == b"after"


def test_nobody_takes_the_place_of_a_worker(port: Port) -> None:
    with port.peer(1) as first, port.connect() as second:
        second.sendall(zmtp.GREETING + ready_of(client(1)))
        assert second.recv(1000) == zmtp.GREETING
        assert second.recv(1) == b""
        port.port.send_multipart([client(1), b"hello"])
        assert first.recv(100) == zmtp.frame(b"hello")
    with port.peer(1):
        assert not port.refused


def test_who_does_not_read_holds_nobody_up(port: Port) -> None:
    with port.peer():
        for _ in range(peer.MOST_UNSENT * 2):
            port.port.send_multipart([client(0), bytes(10_000)])
    port.port.send_multipart([client(5), b"nobody"])


def test_a_closed_port_says_so_and_is_free(port: Port) -> None:
    waiting = gevent.spawn(port.receive)
    with port.peer() as connection:
        number = port.port.port
        port.port.close()
        assert connection.recv(1) == b""
    for receive in (waiting.get, port.receive):
        with pytest.raises(zmq.ZMQError):
            receive()
    WorkersPort("*", number, MOST_BYTES, 1, lambda *_: None).close()
