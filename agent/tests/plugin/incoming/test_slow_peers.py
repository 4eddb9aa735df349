"""Who sends slowly or half of something, or does not read, takes nobody's place or memory."""

import gevent
import pytest
from open_port import OpenPort, client
from worker_messages import packed, report

from locust_cluster.plugin.incoming import peer, workers_port, zmtp
from locust_cluster.plugin.incoming.messages import MOST_BYTES


def test_few_long_messages_are_held(port: OpenPort, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends, and however much: the rest waits with the senders."""
    monkeypatch.setattr(peer, "LONG_MESSAGE", 1000)
    sent: list[int] = []

    def send(number: int) -> None:
        # More than the kernel keeps of one connection.
        port.peer(number).sendall(zmtp.frame(bytes(MOST_BYTES)))
        sent.append(number)

    senders = [gevent.spawn(send, number) for number in range(workers_port.MOST_LONG + 3)]
    with gevent.Timeout(30):
        while len(sent) < workers_port.MOST_LONG:
            gevent.sleep(0.01)
    gevent.sleep(1)
    assert len(sent) == workers_port.MOST_LONG
    with port.peer(99) as another:
        another.sendall(zmtp.frame(b"short"))
        received = [port.receive()[1] for _ in range(len(senders) + 1)]
    assert sorted(map(len, received)) == [5, *[MOST_BYTES] * len(senders)]
    gevent.joinall(senders, timeout=10, raise_error=True)


def test_half_a_message_holds_nobody_up(port: OpenPort, monkeypatch: pytest.MonkeyPatch) -> None:
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
    port: OpenPort, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer, "MESSAGE_S", 0.2)
    message = packed("stats", report())[:size].ljust(size)
    with port.peer() as half:
        half.sendall(zmtp.frame(message)[:-1])
        reason, parts = port.refusal()
        assert reason == f"a message of {size} bytes was not there after 0.2 s"
        assert parts[1] == (message[:32] if size > 32 else b"")
        assert half.recv(1) == b""


def test_half_a_command_is_refused(port: OpenPort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "MESSAGE_S", 0.2)
    with port.peer() as half:
        half.sendall(b"\x04\x07\x04PING")
        assert port.why().endswith(" was not there after 0.2 s")


def test_who_does_not_say_who_it_is_must_go(
    port: OpenPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer, "HANDSHAKE_S", 0.2)
    with port.connect() as connection:
        connection.sendall(zmtp.GREETING[:-1])
        assert port.why() == "a connection did not say who it is"


def test_who_does_not_read_holds_nobody_up(port: OpenPort) -> None:
    with port.peer():
        for _ in range(peer.MOST_UNSENT * 2):
            port.port.send_multipart([client(0), bytes(10_000)])
    port.port.send_multipart([client(5), b"nobody"])
