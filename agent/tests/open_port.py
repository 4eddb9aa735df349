"""A port for workers, as the tests of it use it."""

import socket

import gevent
from worker_messages import ready_of

from locust_cluster.plugin.incoming import zmtp
from locust_cluster.plugin.incoming.messages import MOST_BYTES
from locust_cluster.plugin.incoming.workers_port import WorkersPort


class OpenPort:
    """A port of a test, and what was refused there."""

    def __init__(self) -> None:
        self.refused: list[tuple[str, list[bytes]]] = []
        self.gone: list[str] = []
        self.port = WorkersPort(
            "127.0.0.1",
            0,
            MOST_BYTES,
            100,
            lambda reason, parts: self.refused.append((reason, parts)),
            self.gone.append,
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

    def refusal(self) -> tuple[str, list[bytes]]:
        """Wait for the next one."""
        with gevent.Timeout(10):
            while not self.refused:
                gevent.sleep(0.01)
        return self.refused.pop()

    def why(self) -> str:
        return self.refusal()[0]

    def receive(self) -> list[bytes]:
        with gevent.Timeout(10):
            return self.port.recv_multipart()


def client(number: int) -> bytes:
    return f"host_{number:032x}".encode()
