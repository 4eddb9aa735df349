"""Slow and many requests, of people without a login too, hold nobody up."""

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest
from certificate import make_certificate
from cluster import Cluster, ask
from gevent.pywsgi import WSGIServer

from locust_cluster.plugin.page import server as page_server
from locust_cluster.plugin.page.server import PageServer


def answer(_: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


@pytest.fixture
def server() -> Iterator[WSGIServer]:
    made = PageServer(("127.0.0.1", 0), answer, log=None)
    made.start()
    yield made
    made.stop(timeout=0)


def connect(server: WSGIServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.server_port), timeout=5)


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[WSGIServer]:
    """As with `access.https`."""
    make_certificate(tmp_path)
    files = {"keyfile": str(tmp_path / "key.pem"), "certfile": str(tmp_path / "certificate.pem")}
    made = PageServer(("127.0.0.1", 0), answer, log=None, **files)
    made.start()
    yield made
    made.stop(timeout=0)


REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("begin", [b"", b"GET / HT", REQUEST[:-2], REQUEST])
def test_closes_a_connection_whose_request_does_not_come(
    server: WSGIServer, begin: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_server, "REQUEST_S", 0.3)
    with connect(server) as slow:
        slow.sendall(begin)
        if begin == REQUEST:
            assert slow.recv(1000).endswith(b"ok")  # and then it is idle
        assert slow.recv(1000) == b""


def test_one_byte_after_the_other_is_no_request(
    server: WSGIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_server, "REQUEST_S", 0.5)
    with connect(server) as slow, gevent.Timeout(5), pytest.raises(OSError):
        slow.sendall(b"GET / HTTP/1.1\r\nX: ")
        while True:
            slow.sendall(b"a")
            gevent.sleep(0.05)


def test_an_answer_may_take_longer(server: WSGIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_server, "REQUEST_S", 0.2)
    server.application = lambda *request: (gevent.sleep(0.5), answer(*request))[1]
    with connect(server) as patient:
        patient.sendall(REQUEST)
        assert patient.recv(1000).endswith(b"ok")


def test_one_address_has_so_many_connections_and_no_more(guarded_cluster: Cluster) -> None:
    """Of a real master, from outside of its login."""
    page = ("127.0.0.1", guarded_cluster.web_port)
    with contextlib.ExitStack() as all_of_them:

        def connect_from(source: str) -> socket.socket:
            return all_of_them.enter_context(socket.create_connection(page, 5, (source, 0)))

        for _ in range(page_server.MOST_OF_ONE):
            connect_from("127.0.0.7").sendall(b"GET / HTTP/1.1\r\n")
        assert connect_from("127.0.0.7").recv(1) == b""
        assert ask(f"{guarded_cluster.url}/cluster/health").status == 200


def test_a_connection_counts_before_it_has_shaken_hands(
    tls_server: WSGIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_server, "MOST_OF_ONE", 2)
    with connect(tls_server), connect(tls_server), connect(tls_server) as third:
        assert third.recv(1) == b""


def test_a_handshake_has_one_deadline(
    tls_server: WSGIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One byte after the other keeps no place."""
    monkeypatch.setattr(page_server, "REQUEST_S", 0.5)
    hello = b"\x16\x03\x01\x02\x00" + bytes(500)
    with connect(tls_server) as slow, gevent.Timeout(5), pytest.raises(OSError):
        for byte in hello:
            slow.sendall(bytes([byte]))
            gevent.sleep(0.05)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(connect(tls_server)) as next_one:
        next_one.sendall(REQUEST)
        assert next_one.recv(1000).startswith(b"HTTP/1.1 200 OK")
