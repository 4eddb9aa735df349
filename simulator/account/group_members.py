"""The machines of an Auto Scaling group: how each begins and ends, with its activity."""

from __future__ import annotations

import time

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState

import status_checks
from activities import Activity, at, note
from group_launches import LaunchFailure, start
from lifecycle import delays

under_way: dict[InstanceState, Activity] = {}
unhealthy_since: dict[InstanceState, float] = {}


def members(group: FakeAutoScalingGroup) -> list[InstanceState]:
    """Without those that are ending, which the group lists until they are gone."""
    return [state for state in group.instance_states if state.lifecycle_state != "Terminating"]


def begin(group: FakeAutoScalingGroup, cause: str) -> bool:
    """Whether AWS gave a machine."""
    try:
        instance = start(group)
    except LaunchFailure as error:
        description = f"Launching a new EC2 instance.  Status Reason: {error}"
        note(group, description, cause, error.subnet, "Failed", str(error)).end("Failed")
        return False
    state = InstanceState(
        instance,
        "Pending",
        protected_from_scale_in=group.new_instances_protected_from_scale_in,
        autoscaling_group=group,
    )
    group.instance_states.append(state)
    description = f"Launching a new EC2 instance: {instance.id}"
    under_way[state] = note(group, description, cause, str(instance.subnet_id), "PreInService")
    return True


def end(state: InstanceState, cause: str) -> None:
    group, instance = state.auto_scaling_group, state.instance
    finish(state, "Cancelled")
    state.lifecycle_state = "Terminating"
    description = f"Terminating EC2 instance: {instance.id}"
    under_way[state] = note(group, description, cause, str(instance.subnet_id), "InProgress")
    instance.terminate()


def finish(state: InstanceState, status: str = "Successful") -> None:
    activity = under_way.pop(state, None)
    if activity:
        activity.end(status)


def follow(group: FakeAutoScalingGroup) -> None:
    """What EC2 has done with them meanwhile."""
    for state in list(group.instance_states):
        if state.lifecycle_state == "Pending" and state.instance.state == "running":
            state.lifecycle_state = "InService"
            finish(state)
        if state.lifecycle_state == "Terminating" and state.instance.state == "terminated":
            finish(state)
            unhealthy_since.pop(state, None)
            group.instance_states.remove(state)


def end_unhealthy(group: FakeAutoScalingGroup) -> int:
    """How many there were."""
    found = [(state, reason) for state in members(group) if (reason := unhealthy(state))]
    for state, reason in found:
        state.health_status = "Unhealthy"
        end(state, f"{at()} an instance was taken out of service in response to {reason}.")
    return len(found)


def unhealthy(state: InstanceState) -> str | None:
    """User Guide, "Health checks": one that is not running is replaced whatever the grace period says."""
    if state.health_status == "Unhealthy":
        return "a user health-check"
    reason = None
    if state.instance.state not in ("pending", "running"):
        reason = "an EC2 health check indicating it has been terminated or stopped"
    elif state.instance_id in status_checks.impaired:
        reason = "an EC2 instance status checks failure"
    if reason is None:
        unhealthy_since.pop(state, None)
        return None
    since = unhealthy_since.setdefault(state, time.monotonic())
    return reason if time.monotonic() - since >= delays.health_check else None
