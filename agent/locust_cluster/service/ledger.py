"""The ledger: one record a machine in the store, by which a laptop learns how each one is. Pure.

bash writes it until Locust is started (userdata/ledger.sh), the agent service from then on.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from locust_cluster.common.identity import Identity
from locust_cluster.service.refusal import Refusal
from locust_cluster.service.upload import UploadState

SCHEMA = 1

NodeState = Literal["starting", "ready", "degraded", "failed"]


@dataclass(frozen=True)
class Failure:
    """Why a machine does not work."""

    step: str
    """A boot step, or the unit that keeps ending."""
    exit_code: int | None
    message: str
    log: list[str]
    """Its last lines."""


@dataclass(frozen=True)
class Observation:
    """What the agent service sees on its machine."""

    connected: int
    """Locust processes that work: a worker that hears its master, a master whose page answers."""
    expected: int
    failure: Failure | None = None
    trouble: str | None = None
    """What is wrong with a master, in words."""


def next_state(observation: Observation, was_ready: bool) -> NodeState:
    """The state of a machine; one that was ready once never goes back to starting."""
    if observation.connected >= observation.expected:
        return "ready"
    if observation.failure:
        return "failed"
    return "degraded" if was_ready else "starting"


def stage(role: str, observation: Observation) -> str:
    """In words, for the table of `locust-cluster status`."""
    if role == "master":
        return observation.trouble or "page answers"
    return f"{observation.connected} of {observation.expected} processes connected"


def to_record(
    boot: Mapping[str, Any],
    identity: Identity,
    observation: Observation,
    state: NodeState,
    refusal: Refusal | None = None,
    uploads: UploadState | None = None,
) -> dict[str, Any]:
    """The record without what changes at every moment.

    `boot` is what bash wrote last, {} when that is lost.
    """
    failed = observation.failure if state == "failed" else None
    return {
        "schema": SCHEMA,
        "instance_id": identity.instance_id,
        "name": identity.node,
        "role": identity.role,
        "hostname": identity.hostname,
        "private_ip": identity.private_ip,
        "region": boot.get("region"),
        "fleet": boot.get("fleet"),
        "state": state,
        "stage": stage(identity.role, observation),
        "boot_started": boot.get("boot_started"),
        "steps": boot.get("steps", []),
        "processes": identity.processes,
        "bundle": identity.bundle,
        "environment": identity.environment,
        "versions": identity.versions,
        "failure": asdict(failed) if failed else None,
        "refused": asdict(refusal) if refusal else None,
        "uploads": (
            {"pending": list(uploads.pending), "error": uploads.error} if uploads else None
        ),
    }


def to_moment(time: str, uploads: UploadState | None) -> dict[str, Any]:
    """The rest of the record."""
    return {"time": time, "uploaded": uploads.copied if uploads else None}
