"""The machines of an Auto Scaling group: how each begins and ends, with its activity."""

from __future__ import annotations

import time

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState

import relaunches
import status_checks
from activities import Activity, Batch, at, note
from group_launches import LaunchFailure, start
from lifecycle import delays

under_way: dict[InstanceState, Activity] = {}
unhealthy_since: dict[InstanceState, float] = {}
reasons: dict[InstanceState, str] = {}
"""Why EC2's checks call a machine unhealthy."""


def members(group: FakeAutoScalingGroup) -> list[InstanceState]:
    """Without those that are ending, which the group lists until they are gone."""
    return [state for state in group.instance_states if state.lifecycle_state != "Terminating"]


def begin(group: FakeAutoScalingGroup, cause: str, batch: Batch, subnet: str | None = None) -> bool:
    """Whether AWS gave a machine."""
    try:
        instance = start(group, subnet)
    except LaunchFailure as error:
        failure = note(group, LAUNCHING, cause, error.subnet, "Failed")
        failure.end("Failed", str(error))
        batch.add(failure)
        relaunches.failed(group)
        return False
    state = InstanceState(
        instance,
        "Pending",
        protected_from_scale_in=group.new_instances_protected_from_scale_in,
        autoscaling_group=group,
    )
    group.instance_states.append(state)
    under_way[state] = note(group, f"{LAUNCHING}: {instance.id}", cause, str(instance.subnet_id), "PreInService")
    batch.add(under_way[state])
    return True


LAUNCHING = "Launching a new EC2 instance"


def end(state: InstanceState, cause: str) -> None:
    group, instance = state.auto_scaling_group, state.instance
    never_in_service = state.lifecycle_state == "Pending" and instance.state not in UP
    state.lifecycle_state = "Terminating"
    if never_in_service:
        reason = instance.state_reason.message if instance.state_reason else ""
        finish(state, "Cancelled", f"{NEVER_IN_SERVICE} Termination Reason: {reason}")
        relaunches.failed(group)
        return
    finish(state, "Cancelled")
    description = f"Terminating EC2 instance: {instance.id}"
    under_way[state] = note(group, description, cause, str(instance.subnet_id), "InProgress")
    instance.terminate()


UP = ("pending", "running")

# EKS Workshop, "Managed node group fails to launch", with the whole activity; terraform-aws-autoscaling #109.
NEVER_IN_SERVICE = "Instance became unhealthy while waiting for instance to be in InService state."


def finish(state: InstanceState, status: str = "Successful", message: str | None = None) -> None:
    activity = under_way.pop(state, None)
    if activity:
        activity.end(status, message)


def follow(group: FakeAutoScalingGroup) -> None:
    """What EC2 has done with them meanwhile."""
    for state in list(group.instance_states):
        if state.lifecycle_state == "Pending" and state.instance.state == "running":
            state.lifecycle_state = "InService"
            finish(state)
            relaunches.worked(group)
        if state.lifecycle_state == "Terminating" and state.instance.state == "terminated":
            finish(state)
            unhealthy_since.pop(state, None)
            group.instance_states.remove(state)


def check_health(group: FakeAutoScalingGroup) -> None:
    """User Guide, "Health checks": one that is not running is replaced whatever the grace period says."""
    for state in members(group):
        reason, now = failed_check(state), time.monotonic()
        if not reason:
            unhealthy_since.pop(state, None)
        elif now - unhealthy_since.setdefault(state, now) >= delays.health_check:
            state.health_status = "Unhealthy"
            reasons[state] = reason


def failed_check(state: InstanceState) -> str | None:
    if state.instance.state not in UP:
        return "an EC2 health check indicating it has been terminated or stopped"
    if state.instance_id in status_checks.impaired:
        return "an EC2 instance status checks failure"
    return None


def end_unhealthy(group: FakeAutoScalingGroup) -> int:
    """How many there were."""
    found = [state for state in members(group) if state.health_status == "Unhealthy"]
    for state in found:
        reason = reasons.pop(state, "a user health-check")
        end(state, f"{at()} an instance was taken out of service in response to {reason}.")
    return len(found)
