"""The page's server, with bounds for who is slow or many.

gevent's own waits for the rest of a request for ever and takes any number of connections: 5,000
half requests of someone who has no login took 140 MB of the master.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import gevent
from gevent import pywsgi
from gevent.pool import Pool
from locust import web

from locust_cluster.common.patch import patch
from locust_cluster.plugin.page.attempts import network_of

REQUEST_S = 30
"""Of the handshake of TLS, then of line and headers of a request; as long may a connection idle."""

SILENCE_S = 300
"""In a body or an answer. gevent counts what is sent at once: 10 MB at 270 kbit/s."""

MOST = 1_000
"""Connections. The next ones wait until one of these ends."""

MOST_OF_ONE = 200
"""Connections of one address, or of one /64 of IPv6: a whole team behind a proxy."""


def install() -> None:
    """Let Locust make its page with this server: to be called while Locust imports its files."""
    patch(web, "pywsgi", SimpleNamespace(WSGIServer=PageServer))


class Handler(pywsgi.WSGIHandler):  # type: ignore[misc]  # gevent ships no types for it
    """Of one connection."""

    def handle_one_request(self) -> Any:
        self._deadline = gevent.Timeout.start_new(REQUEST_S)
        try:
            return super().handle_one_request()
        except gevent.Timeout as over:
            if over is not self._deadline:
                raise
            return None  # closes the connection
        finally:
            self._deadline.close()

    def handle_one_response(self) -> None:
        self._deadline.close()
        super().handle_one_response()


class PageServer(pywsgi.WSGIServer):  # type: ignore[misc]  # gevent ships no types for it
    """Takes the arguments of gevent's own."""

    handler_class = Handler

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, spawn=Pool(MOST), **options)
        self._connections: Counter[str] = Counter()

    def wrap_socket_and_handle(self, client_socket: Any, address: Any) -> None:
        """Serve a connection of TLS. Who is silent in the handshake has a place like any other."""
        with self._place(address) as is_free:
            if is_free and (sock := self._shake_hands(client_socket)):
                with sock:
                    self._serve(sock, address)

    def handle(self, sock: Any, address: Any) -> None:
        """Serve a connection, or return at once, which closes it."""
        with self._place(address) as is_free:
            if is_free:
                self._serve(sock, address)

    @contextmanager
    def _place(self, address: Any) -> Iterator[bool]:
        """Count a connection of this address, if it may have another one."""
        source = network_of(address[0])
        if self._connections[source] >= MOST_OF_ONE:
            yield False
            return
        self._connections[source] += 1
        try:
            yield True
        finally:
            self._connections[source] -= 1
            if not self._connections[source]:
                del self._connections[source]

    def _shake_hands(self, client_socket: Any) -> Any:
        """None when it does not come to its end in time."""
        with gevent.Timeout(REQUEST_S, False):
            return self.wrap_socket(client_socket, **self.ssl_args)
        return None

    def _serve(self, sock: Any, address: Any) -> None:
        sock.settimeout(SILENCE_S)
        super().handle(sock, address)
