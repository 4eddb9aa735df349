"""Listens for workers in place of ZeroMQ's ROUTER socket, which does not bound what it holds.

ZeroMQ keeps the parts of a message until the last one is there, any number of them, 64 bytes of
memory for two that are sent; and of each peer as many messages as fit in its queue. Here a message
is read when Locust's master takes it: until then it waits in the kernel's buffers, and with the
worker. Workers still speak through ZeroMQ.
"""

import resource
from collections.abc import Callable, Sequence
from contextlib import suppress

import gevent
import zmq
from gevent import socket
from gevent.lock import BoundedSemaphore
from gevent.pool import Pool
from gevent.queue import Channel, Full
from gevent.server import StreamServer

from locust_cluster.plugin.incoming.checks import BadMessageError
from locust_cluster.plugin.incoming.peer import Peer, Refuse, RefusedError

MOST_LONG = 8
"""Messages above 64 KiB that are held at a time. The master reads one after another."""

BACKLOG = 1024
"""Workers that connect in the same moment."""

OTHER_FILES = 500
"""Left to the page and the runs, of the files that this process may open."""


class WorkersPort:
    """Has the methods of a ZeroMQ socket that Locust's server uses."""

    def __init__(
        self,
        host: str,
        port: int,
        longest: int,
        most_peers: int,
        refuse: Refuse,
        gone: Callable[[str], object] = lambda _: None,
    ) -> None:
        """Listen at once; a message has `longest` bytes at most. Raises OSError.

        `gone` hears whose connection has ended.
        """
        self._longest = longest
        self._refuse = refuse
        self._gone = gone
        self._peers: dict[bytes, Peer] = {}
        self._long_ones = BoundedSemaphore(MOST_LONG)
        self._arrived: Channel[list[bytes]] = Channel()
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = max(1, min(most_peers, files - OTHER_FILES))
        self._server = StreamServer(_listen(host, port), self._serve, spawn=Pool(most))
        self._server.start()

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def recv_multipart(self) -> list[bytes]:
        """Wait for a message: the sender's id, and what it says. Raises ZMQError when closed."""
        if self._server.closed:
            raise zmq.ZMQError(zmq.ENOTSOCK)
        message: list[bytes] = self._arrived.get()
        if not message:
            raise zmq.ZMQError(zmq.ENOTSOCK)
        return message

    def send_multipart(self, frames: Sequence[bytes]) -> None:
        """Send to the peer of this id, if there is one. Returns at once."""
        client_id, message = frames
        if peer := self._peers.get(client_id):
            peer.send(message)

    def has(self, client_id: str) -> bool:
        """Is there a connection of this peer?"""
        return client_id.encode() in self._peers

    def close(self, linger: int | None = None) -> None:  # noqa: ARG002 (of ZeroMQ's sockets)
        self._server.stop(timeout=0)
        with suppress(Full):
            self._arrived.put_nowait([])

    def _serve(self, connection: socket.socket, _: object) -> None:
        peer = Peer(connection, self._longest, self._long_ones)
        try:
            peer.shake_hands()
            if peer.id in self._peers:
                # As a ROUTER does: nobody takes the place of a worker that is there. Without READY
                # a worker whose old connection is about to end keeps what it has to say.
                return
            self._peers[peer.id] = peer
            try:
                peer.exchange(self._arrived.put)
            finally:
                del self._peers[peer.id]
                self._gone(peer.id.decode("utf-8", "replace"))
        except RefusedError as error:
            self._refuse(str(error), [peer.id, error.beginning])
        except BadMessageError as error:
            self._refuse(str(error), [peer.id])
        except gevent.Timeout:
            self._refuse("a connection did not say who it is", [])
        except (EOFError, OSError):
            pass
        finally:
            peer.close()


def _listen(host: str, port: int) -> socket.socket:
    """As Locust's `*`: on all addresses, of both families where there are two. Raises OSError."""
    if host == "*" and socket.has_dualstack_ipv6():
        family, address = socket.AF_INET6, ("", port)
        return socket.create_server(address, family=family, dualstack_ipv6=True, backlog=BACKLOG)
    where = None if host == "*" else host
    found = socket.getaddrinfo(where, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, *_, found_address = found[0]
    return socket.create_server(found_address[:2], family=family, backlog=BACKLOG)
