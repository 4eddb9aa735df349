"""The ledger: one record a machine in the store, by which a laptop learns how each one is. Pure.

bash writes it until Locust is started (userdata/ledger.sh), the agent service from then on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from locust_cluster.common.documents.node_record import (
    FleetCapacity,
    NodeFailure,
    NodeRecord,
    NodeState,
)
from locust_cluster.common.draining import Draining, describe
from locust_cluster.common.identity import Identity
from locust_cluster.service.refusal import Refusal
from locust_cluster.service.upload import UploadState

MOMENTARY = {"time", "uploaded"}
"""Fields that change at every moment: a record is the same as another when the rest is."""


@dataclass(frozen=True)
class Observation:
    """What the agent service sees on its machine."""

    connected: int
    """Locust processes that work: a worker that hears its master, a master whose page answers."""
    expected: int
    failure: NodeFailure | None = None
    trouble: str | None = None
    """What is wrong with a master, in words."""


@dataclass(frozen=True)
class Notices:
    """What AWS has said about the end of this machine."""

    draining: Draining | None = None
    rebalance: str | None = None


NO_NOTICES = Notices()


def node_state(observation: Observation, was_ready: bool, is_draining: bool = False) -> NodeState:
    """The state of a machine; one that was ready once never goes back to starting."""
    if is_draining:
        return "draining"
    if observation.connected >= observation.expected:
        return "ready"
    if observation.failure:
        return "failed"
    return "degraded" if was_ready else "starting"


def stage(role: str, observation: Observation, draining: Draining | None = None) -> str:
    """In words, for the table of `locust-cluster status`."""
    if draining:
        return describe(draining)
    if role == "master":
        return observation.trouble or "page answers"
    return f"{observation.connected} of {observation.expected} processes connected"


def to_record(
    time: str,
    boot: Mapping[str, Any],
    identity: Identity,
    observation: Observation,
    state: NodeState,
    refusal: Refusal | None = None,
    uploads: UploadState | None = None,
    scaling: Mapping[str, FleetCapacity] | None = None,
    notices: Notices = NO_NOTICES,
) -> NodeRecord:
    """`boot` is what bash wrote last, {} when that is lost."""
    record: NodeRecord = {
        "schema": 1,
        "instance_id": identity.instance_id,
        "name": identity.node,
        "role": identity.role,
        "hostname": identity.hostname,
        "private_ip": identity.private_ip,
        "region": boot.get("region"),
        "fleet": boot.get("fleet"),
        "state": state,
        "stage": stage(identity.role, observation, notices.draining),
        "time": time,
        "boot_started": boot.get("boot_started"),
        "steps": boot.get("steps", []),
        "processes": identity.processes,
        "bundle": identity.bundle,
        "environment": identity.environment,
        "versions": identity.versions,
        "failure": observation.failure if state == "failed" else None,
        "refused": refusal.to_document() if refusal else None,
        "uploads": (
            {"pending": list(uploads.pending), "error": uploads.error} if uploads else None
        ),
        "uploaded": uploads.copied if uploads else None,
    }
    if draining := notices.draining:
        record["draining"] = {
            "cause": draining.cause,
            "noticed": draining.noticed,
            "ends": draining.ends,
        }
    if notices.rebalance:
        record["rebalance"] = notices.rebalance
    if scaling:
        record["scaling"] = dict(scaling)
    return record
