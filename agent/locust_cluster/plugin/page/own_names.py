"""The names and addresses of this machine, as far as it can know them."""

import socket
import time
from collections.abc import Callable

from locust_cluster.common.host_names import is_loopback, normal_host
from locust_cluster.common.metadata import MetadataError, ask_metadata
from locust_cluster.common.settings import Settings

METADATA_NAMES = ("public-ipv4", "public-hostname", "local-hostname")

ASK_EVERY_S = 5
"""A client that sends one unknown name after the other makes no more questions than this."""


class OwnNames:
    """Of one machine. A local cluster is reached by loopback only, and has no metadata service."""

    def __init__(self, settings: Settings, ask: Callable[[], frozenset[str]] | None = None) -> None:
        self._fixed = frozenset[str]()
        self._asked = frozenset[str]()
        self._ask = None if settings.is_local else ask or ask_own_names
        self._due = time.monotonic()
        if not settings.is_local:
            self._fixed = frozenset(map(normal_host, (settings.private_ip, socket.gethostname())))

    def has(self, host: str) -> bool:
        """Is this (in its normal spelling) a name or an address of this machine?"""
        if is_loopback(host) or host in self._fixed or host in self._asked:
            return True
        # The public address comes after the boot, and may be another one later.
        if self._ask and time.monotonic() >= self._due:
            self._due = time.monotonic() + ASK_EVERY_S
            self._asked = self._ask() or self._asked
        return host in self._asked


def ask_own_names() -> frozenset[str]:
    """What EC2's metadata service calls this machine; empty when it does not answer."""
    try:
        # The public ones are missing where it has no public address.
        return frozenset(map(normal_host, ask_metadata(METADATA_NAMES).values()))
    except MetadataError:
        return frozenset()
