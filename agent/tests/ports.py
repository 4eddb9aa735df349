"""Ports for servers that a test starts, ends and starts again."""

import random
import socket

PORTS = range(20_000, 32_768)
"""Below those that Linux gives to outgoing connections (net.ipv4.ip_local_port_range): while a
server is down, nobody else gets its port."""


def free_port() -> int:
    while True:
        port = random.choice(PORTS)  # noqa: S311 (not a secret)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
