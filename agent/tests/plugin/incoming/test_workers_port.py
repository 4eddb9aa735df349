"""The workers' port takes what ZeroMQ sends, and hangs up on who would fill the master's memory."""

import socket
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
import zmq.green as zmq
from open_port import OpenPort, client
from worker_messages import CLIENT, packed, ready_of, report

from locust_cluster.plugin.incoming import peer, zmtp
from locust_cluster.plugin.incoming.inbox import Inbox
from locust_cluster.plugin.incoming.messages import MOST_BYTES
from locust_cluster.plugin.incoming.workers_port import WorkersPort

READY = b"\x05READY\x0bSocket-Type\0\0\0\x06DEALER"


@pytest.mark.parametrize(
    "size", [0, 1, 255, 256, peer.LONG_MESSAGE, peer.LONG_MESSAGE + 1, MOST_BYTES]
)
def test_speaks_with_zeromq(port: OpenPort, dealer: Any, size: int) -> None:
    message = bytes(size)
    dealer.send(message)
    assert port.receive() == [CLIENT.encode(), message]
    port.port.send_multipart([CLIENT.encode(), message])
    with gevent.Timeout(10):
        assert dealer.recv() == message
    assert not port.refused


def test_a_python_of_macos_has_another_name_for_the_keepalive(
    port: OpenPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.python.org/3/library/socket.html: TCP_KEEPALIVE is macOS's TCP_KEEPIDLE."""
    monkeypatch.setattr(socket, "TCP_KEEPALIVE", socket.TCP_KEEPIDLE, raising=False)
    monkeypatch.delattr(socket, "TCP_KEEPIDLE")
    with port.peer() as connection:
        connection.sendall(zmtp.frame(b"hello"))
        assert port.receive()[1] == b"hello"


def test_says_whose_connection_has_ended(port: OpenPort) -> None:
    connection = port.peer()
    name = client(0).decode()
    assert port.port.has(name)
    connection.close()
    with gevent.Timeout(10):
        while not port.gone:
            gevent.sleep(0.01)
    assert port.gone == [name]
    assert not port.port.has(name)


def test_an_endless_message_is_refused_at_its_first_part(port: OpenPort) -> None:
    connection = port.peer()
    connection.sendall(b"\x01\x00")
    assert port.why() == "a message has one part, got the first of several"
    assert connection.recv(1) == b""


def test_a_report_that_is_too_long_is_a_report(port: OpenPort, dealer: Any) -> None:
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
def test_refuses_who_is_no_worker(port: OpenPort, sent: bytes, reason: str) -> None:
    with port.connect() as connection:
        connection.sendall(sent)
        why = port.why()
    assert reason in why
    assert why.isprintable()


def test_a_ping_is_no_message(port: OpenPort) -> None:
    with port.peer() as connection:
        connection.sendall(b"\x04\x07\x04PING\0\0" + zmtp.frame(b"after"))
        assert port.receive()[1] == b"after"


def test_nobody_takes_the_place_of_a_worker(port: OpenPort) -> None:
    with port.peer(1) as first, port.connect() as second:
        second.sendall(zmtp.GREETING + ready_of(client(1)))
        assert second.recv(1000) == zmtp.GREETING
        assert second.recv(1) == b""
        port.port.send_multipart([client(1), b"hello"])
        assert first.recv(100) == zmtp.frame(b"hello")
    with port.peer(1):
        assert not port.refused


def test_a_closed_port_says_so_and_is_free(port: OpenPort) -> None:
    waiting = gevent.spawn(port.receive)
    with port.peer() as connection:
        number = port.port.port
        port.port.close()
        assert connection.recv(1) == b""
    for receive in (waiting.get, port.receive):
        with pytest.raises(zmq.ZMQError):
            receive()
    WorkersPort("*", number, MOST_BYTES, 1, lambda *_: None).close()
