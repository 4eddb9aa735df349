"""Processes of Auto Scaling groups: what a group does not do while they are suspended.

User Guide, "Suspend and resume Amazon EC2 Auto Scaling processes" and "How suspended processes affect other processes".
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup

PROCESSES = (
    "Launch",
    "Terminate",
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "ReplaceUnhealthy",
    "ScheduledActions",
)


DELETED = "Delete in progress"


def runs(group: FakeAutoScalingGroup, process: str) -> bool:
    """A group that is deleted by force ends its machines all the same ("Considerations for suspending processes")."""
    if process == "Terminate" and is_deleted(group):
        return True
    return process not in group._suspended_processes


def is_deleted(group: FakeAutoScalingGroup) -> bool:
    """By force: until its last machine is gone, it is there."""
    return getattr(group, "status", None) == DELETED
