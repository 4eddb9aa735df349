"""The names and addresses of this machine, as far as it can know them."""

import http.client
import os
import socket
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from locust_cluster.common.host_names import is_loopback, normal_host
from locust_cluster.common.settings import Settings

METADATA_SERVICE = "http://169.254.169.254"
"""Of EC2; as AWS's own clients, we take AWS_EC2_METADATA_SERVICE_ENDPOINT before it."""

METADATA_NAMES = ("public-ipv4", "public-hostname", "local-hostname")

TIMEOUT_S = 1

ASK_EVERY_S = 5
"""A client that sends one unknown name after the other makes no more questions than this."""


class OwnNames:
    """Of one machine. A local cluster is reached by loopback only, and has no metadata service."""

    def __init__(self, settings: Settings, ask: Callable[[], frozenset[str]] | None = None) -> None:
        self._fixed = frozenset[str]()
        self._asked = frozenset[str]()
        self._ask = None if settings.is_local else ask or ask_metadata
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


def ask_metadata() -> frozenset[str]:
    """What EC2's metadata service calls this machine; empty when it does not answer."""
    try:
        return frozenset(map(normal_host, _answers()))
    except (OSError, http.client.HTTPException):
        return frozenset()


def _answers() -> Iterator[str]:
    service = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") or METADATA_SERVICE
    connection = http.client.HTTPConnection(urlsplit(service).netloc, timeout=TIMEOUT_S)
    try:
        # EC2 User Guide, "Use IMDSv2": a token first. One minute is enough for three questions.
        ttl = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
        connection.request("PUT", "/latest/api/token", headers=ttl)
        token = {"X-aws-ec2-metadata-token": connection.getresponse().read().decode("latin-1")}
        for name in METADATA_NAMES:
            connection.request("GET", f"/latest/meta-data/{name}", headers=token)
            reply = connection.getresponse()
            text = reply.read().decode("latin-1").strip()
            # 404: it has no public address.
            if reply.status == 200 and text:
                yield text
    finally:
        connection.close()
