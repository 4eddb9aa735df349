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


def runs(group: FakeAutoScalingGroup, process: str) -> bool:
    """A group that is deleted by force ends its machines all the same ("Considerations for suspending processes")."""
    if getattr(group, "status", None) == "Delete in progress" and process == "Terminate":
        return True
    return process not in getattr(group, "_suspended_processes", ())
