"""One connection to the workers' port."""

import socket
from collections.abc import Callable
from contextlib import nullcontext, suppress

import gevent
from gevent.lock import BoundedSemaphore
from gevent.queue import Full, Queue
from gevent.socket import socket as Socket

from locust_cluster.plugin.incoming import zmtp
from locust_cluster.plugin.incoming.checks import BadMessageError
from locust_cluster.plugin.incoming.messages import read_client_id

HANDSHAKE_S = 10

LONG_MESSAGE = 64 << 10
"""Bytes. Of longer ones only a few are held at a time, by all connections together."""

MESSAGE_S = 30
"""From the header of a message until all of it is there: 16 MiB at 5 Mbit/s."""

MOST_UNSENT = 1_000
"""Messages to a peer that does not read, as ZeroMQ's default. The next ones are dropped."""

_BEGINNING = 32
"""Bytes of a refused message that tell what it was."""

Refuse = Callable[[str, list[bytes]], None]
"""Hears why a connection is closed, its id, and the beginning of the message, if there is one."""


class Peer:
    """Holds one message at most, until that is taken; what comes after it stays in the kernel."""

    def __init__(self, connection: Socket, longest: int, long_ones: BoundedSemaphore) -> None:
        self.id = b""
        self._connection = connection
        self._longest = longest
        self._long_ones = long_ones
        self._file = connection.makefile("rb")
        self._unsent: Queue[bytes] = Queue(MOST_UNSENT)
        # As ZeroMQ does, and Locust asks of it (locust/rpc/zmqrpc.py).
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, _keepalive_after(), 30)

    def shake_hands(self) -> None:
        """Learn the peer's id. Raises BadMessageError, EOFError, OSError, gevent.Timeout."""
        with gevent.Timeout(HANDSHAKE_S):
            self._connection.sendall(zmtp.GREETING)
            zmtp.read_greeting(self._read)
            self.id = zmtp.read_ready(self._read)
        read_client_id(self.id)

    def exchange(self, take: Callable[[list[bytes]], None]) -> None:
        """Let messages pass until the connection ends; `take` returns when one is taken.

        Raises BadMessageError, EOFError, OSError.
        """
        writer = gevent.spawn(self._write)
        try:
            while True:
                self._read_one(take)
        finally:
            writer.kill(block=False)

    def send(self, message: bytes) -> None:
        """Returns at once."""
        with suppress(Full):
            self._unsent.put_nowait(message)

    def hang_up(self) -> None:
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """To be called by the greenlet that reads."""
        self.hang_up()
        self._file.close()
        self._connection.close()

    def _read_one(self, take: Callable[[list[bytes]], None]) -> None:
        flags, size = zmtp.read_header(self._read)
        if flags & zmtp.COMMAND:
            if size > zmtp.MOST_COMMAND:
                raise BadMessageError(f"a command has up to {zmtp.MOST_COMMAND} bytes, got {size}")
            self._read_in_time(size, size)
        elif flags & zmtp.MORE:
            raise BadMessageError("a message has one part, got the first of several")
        else:
            self._read_message(size, take)

    def _read_message(self, size: int, take: Callable[[list[bytes]], None]) -> None:
        beginning = self._read_in_time(min(size, _BEGINNING), size)
        if size > self._longest:
            reason = f"a message has one part of up to {self._longest} bytes, got {size}"
            raise RefusedError(reason, beginning)
        with self._long_ones if size > LONG_MESSAGE else nullcontext():
            rest = self._read_in_time(size - len(beginning), size, beginning)
            take([self.id, beginning + rest])

    def _read_in_time(self, size: int, whole: int, beginning: bytes = b"") -> bytes:
        """Read so much of a message of `whole` bytes. Raises RefusedError when it does not come."""
        try:
            with gevent.Timeout(MESSAGE_S):
                return self._read(size)
        except gevent.Timeout:
            reason = f"a message of {whole} bytes was not there after {MESSAGE_S} s"
            raise RefusedError(reason, beginning) from None

    def _read(self, size: int) -> bytes:
        read: bytes = self._file.read(size)
        if len(read) < size:
            raise EOFError
        return read

    def _write(self) -> None:
        with suppress(OSError):
            self._connection.sendall(zmtp.ready())
            while True:
                self._connection.sendall(zmtp.frame(self._unsent.get()))
        self.hang_up()


def _keepalive_after() -> int:
    """The option for the seconds of silence before it. macOS has a name of its own for it."""
    names = ("TCP_KEEPIDLE", "TCP_KEEPALIVE")
    return next(int(getattr(socket, name)) for name in names if hasattr(socket, name))


class RefusedError(BadMessageError):
    """A message that is not read to its end."""

    def __init__(self, reason: str, beginning: bytes) -> None:
        super().__init__(reason)
        self.beginning = beginning
