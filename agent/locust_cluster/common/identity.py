"""Who a process is: what a worker tells the master, and what the ledger says of a machine."""

import os
import platform
import socket
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from locust_cluster import __version__
from locust_cluster.common.constants import REPORT_KEY, Role
from locust_cluster.common.manifest import Manifest
from locust_cluster.common.settings import Settings


@dataclass(frozen=True)
class Identity:
    """One process of one machine, and what it runs."""

    node: str
    role: Role
    instance_id: str
    instance_type: str
    hostname: str
    private_ip: str
    index: int
    """Of the process on its machine, from 1."""
    processes: int
    """That its machine should have."""
    bundle: str
    environment: str
    versions: dict[str, str]
    pid: int = 0
    """Number of the process on its machine: tells a process from the one in its place before.

    An older agent, whose machine still runs the test before, does not send it.
    """
    fleet: str = ""
    """Of its machine; empty on one that belongs to none. Older agents do not send it."""
    is_ready: bool = True
    """Has it outlived the test's `init` listeners? Older agents do not say."""


def identify(settings: Settings, manifest: Manifest) -> Identity:
    """Describe this process."""
    return Identity(
        node=settings.node,
        role=settings.role,
        instance_id=settings.instance_id,
        instance_type=settings.instance_type,
        hostname=socket.gethostname(),
        private_ip=settings.private_ip,
        index=settings.process,
        processes=settings.processes,
        bundle=manifest.bundle,
        environment=manifest.environment(settings.architecture),
        versions={
            "locust": version("locust"),
            "python": platform.python_version(),
            "agent": __version__,
            "kernel": platform.release(),
        },
        pid=os.getpid(),
        fleet=settings.fleet,
    )


def to_report(identity: Identity) -> dict[str, Any]:
    """The form in which it travels."""
    return asdict(identity)


def from_report(data: dict[str, Any]) -> Identity | None:
    """Read a worker's report; None when it has no identity (a bare Locust), or another agent's."""
    try:
        return Identity(**data[REPORT_KEY])
    except (KeyError, TypeError):
        return None
