"""Spot interruptions, which only a test orders: a notice, then the end, as EC2 does it.

User Guide, "Spot Instance interruption notices" and "EC2 instance rebalance recommendations". Without capacity
rebalance a group replaces the machine only when it is gone.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from moto.autoscaling.models import autoscaling_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models.instances import Instance

from instance_credentials import find_instance
from lifecycle import end_by_ec2
from passing_time import at_every_moment

ends: dict[str, datetime] = {}
recommended: dict[str, datetime] = {}


class NoSpotInstance(Exception):
    """One sentence."""


def running_spot_instance(instance_id: str) -> Instance:
    """Raises NoSpotInstance."""
    found = find_instance(instance_id)
    if not found or found[1].state != "running" or found[1].lifecycle != "spot":
        raise NoSpotInstance(f"{instance_id} is no running instance on spot capacity")
    return found[1]


def interrupt(instance_id: str, seconds: float) -> None:
    """Raises NoSpotInstance."""
    running_spot_instance(instance_id)
    ends[instance_id] = datetime.now(UTC) + timedelta(seconds=seconds)


def recommend_rebalance(instance_id: str) -> None:
    """Raises NoSpotInstance."""
    running_spot_instance(instance_id)
    recommended[instance_id] = datetime.now(UTC)


@at_every_moment
def take_back() -> None:
    now = datetime.now(UTC)
    for instance_id in {*ends, *recommended}:
        found = find_instance(instance_id)
        if not found or found[1].state == "terminated":
            ends.pop(instance_id, None)
            recommended.pop(instance_id, None)
        elif found[1].state != "shutting-down" and instance_id in ends and ends[instance_id] <= now:
            end_by_ec2(found[1], "Server.SpotInstanceTermination", "Spot instance termination")


def notices() -> dict[str, dict[str, str]]:
    """What the metadata service tells instances of their end, by path; nothing of those of whom there is nothing."""
    told: dict[str, dict[str, str]] = {}
    for backend in autoscaling_backends[DEFAULT_ACCOUNT_ID].values():
        for group in backend.autoscaling_groups.values():
            for state in group.instance_states:
                target = "Terminated" if state.lifecycle_state == "Terminating" else "InService"
                told.setdefault(state.instance_id, {})["autoscaling/target-lifecycle-state"] = target
    for instance_id, time in ends.items():
        action = {"action": "terminate", "time": moment(time)}
        told.setdefault(instance_id, {})["spot/instance-action"] = json.dumps(action)
        told[instance_id]["spot/termination-time"] = moment(time)
    for instance_id, time in recommended.items():
        notice = {"noticeTime": moment(time)}
        told.setdefault(instance_id, {})["events/recommendations/rebalance"] = json.dumps(notice)
    return told


def moment(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
