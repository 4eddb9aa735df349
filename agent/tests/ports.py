"""Ports for servers that a test starts, ends and starts again."""

import random
import socket

PORTS = range(20_000, 32_768)
"""Below those that Linux gives to outgoing connections (net.ipv4.ip_local_port_range): while a
server is down, nobody else gets its port."""

_held: list[socket.socket] = []
"""Keep other tests, also of other processes, away until this one ends."""


def free_port() -> int:
    while True:
        port = random.choice(PORTS)  # noqa: S311 (not a secret)
        try:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
            # Servers set SO_REUSEADDR, too, and so get a port that is bound but not listened on.
            holder = socket.socket()
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            holder.bind(("127.0.0.1", port))
        except OSError:
            continue
        _held.append(holder)
        return port
