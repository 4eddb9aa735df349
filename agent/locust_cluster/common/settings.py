"""What a process is told by its environment: the `CLUSTER_` variables.

On a machine they come from /etc/locust-cluster/node.env, in a local cluster from the command line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from locust_cluster.common.constants import (
    LEDGER,
    ROLES,
    WEB_PORT,
    WORKERS_PORT,
    NodeVariable,
    Role,
)
from locust_cluster.common.process_status import process_file

RUNS_DIR = "/var/lib/locust/runs"
"""Where a master keeps its runs; a local cluster sets CLUSTER_RUNS_DIR."""


class ConfigurationError(Exception):
    """A setting that stops the process: one sentence for the user, no traceback."""


@dataclass(frozen=True)
class Settings:
    """One process of one node. Paths are absolute."""

    cluster: str
    cluster_id: str
    """Of this start of a local cluster; empty on machines, where the network keeps others away."""
    node: str
    fleet: str
    """Empty on a machine that belongs to none."""
    role: Role
    instance_id: str
    instance_type: str
    private_ip: str
    master_host: str
    master_port: int
    bucket_region: str
    architecture: str
    store: str
    ledger: str
    """Name of this machine's record in the store; its role may write no other."""
    release: Path
    state_dir: Path
    run_dir: Path
    work_dir: Path
    runs_dir: Path
    secrets: Path | None
    processes: int
    process: int
    web_host: str
    web_port: int

    @property
    def is_local(self) -> bool:
        """A local cluster keeps its store in a folder; it has no systemd units of its own."""
        return self.store.startswith("file://")

    @property
    def process_name(self) -> str:
        """Unique among all processes of the cluster, e.g. `worker-1-2`."""
        return f"{self.node}-{self.process}"

    @property
    def process_file(self) -> Path:
        """Where this process tells the agent service how it is."""
        return process_file(self.run_dir, self.process)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the `CLUSTER_` variables.

    Raises ConfigurationError for a missing or malformed one.
    """
    given = _required(environ, "CLUSTER_ROLE")
    role = next((role for role in ROLES if role == given), None)
    if role is None:
        allowed = " or ".join(f"'{role}'" for role in ROLES)
        raise ConfigurationError(f"CLUSTER_ROLE must be {allowed}, got '{given}'")
    node = _text(environ, "CLUSTER_NODE") or ("master" if role == "master" else "worker-1")
    instance_id = _text(environ, "CLUSTER_INSTANCE_ID") or node
    secrets = _text(environ, "CLUSTER_SECRETS")
    return Settings(
        cluster=_text(environ, "CLUSTER_NAME") or "locust",
        cluster_id=_text(environ, "CLUSTER_ID"),
        node=node,
        fleet=_text(environ, "CLUSTER_FLEET"),
        role=role,
        instance_id=instance_id,
        instance_type=_text(environ, "CLUSTER_INSTANCE_TYPE"),
        private_ip=_text(environ, "CLUSTER_PRIVATE_IP") or "127.0.0.1",
        master_host=_text(environ, "CLUSTER_MASTER_HOST") or "127.0.0.1",
        master_port=_number(environ, "CLUSTER_MASTER_PORT", WORKERS_PORT),
        # A machine of before the two were told apart has the first only.
        bucket_region=_text(environ, "CLUSTER_BUCKET_REGION") or _text(environ, "CLUSTER_REGION"),
        architecture=_text(environ, "CLUSTER_ARCHITECTURE"),
        store=_required(environ, "CLUSTER_STORE"),
        ledger=_text(environ, "CLUSTER_LEDGER") or f"{LEDGER}{instance_id}.json",
        release=_path(environ, "CLUSTER_RELEASE"),
        state_dir=_path(environ, "CLUSTER_STATE_DIR"),
        run_dir=_path(environ, "CLUSTER_RUN_DIR"),
        work_dir=_path(environ, "CLUSTER_WORK_DIR"),
        runs_dir=Path(_text(environ, "CLUSTER_RUNS_DIR") or RUNS_DIR),
        secrets=Path(secrets) if secrets else None,
        processes=_number(environ, "CLUSTER_PROCESSES", 1),
        process=_number(environ, "CLUSTER_PROCESS", 1),
        web_host=_text(environ, "CLUSTER_WEB_HOST") or "0.0.0.0",  # noqa: S104 (the firewall decides)
        web_port=_number(environ, "CLUSTER_WEB_PORT", WEB_PORT),
    )


def _text(environ: Mapping[str, str], name: NodeVariable) -> str:
    return environ.get(name, "")


def _required(environ: Mapping[str, str], name: NodeVariable) -> str:
    value = environ.get(name)
    if not value:
        raise ConfigurationError(f"{name} is not set")
    return value


def _path(environ: Mapping[str, str], name: NodeVariable) -> Path:
    path = Path(_required(environ, name))
    if not path.is_absolute():
        raise ConfigurationError(f"{name} must be an absolute path, got '{path}'")
    return path


def _number(environ: Mapping[str, str], name: NodeVariable, default: int) -> int:
    value = environ.get(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        raise ConfigurationError(f"{name} must be a whole number above 0, got '{value}'")
    return int(value)
