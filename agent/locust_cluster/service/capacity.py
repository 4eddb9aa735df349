"""Brings one Auto Scaling group to the capacity that its fleet should have."""

from dataclasses import dataclass

from locust_cluster.common.documents.node_record import FleetCapacity
from locust_cluster.service.groups import Group, Groups, ScalingError
from locust_cluster.service.journal import say


@dataclass(frozen=True)
class Wanted:
    """What a fleet should be now."""

    fleet: str
    capacity: int
    size: int
    back: float
    """A capacity above the size ends then, even if this master never comes back."""
    is_renewed: bool
    """Schedule that anew."""
    since: float
    """Older attempts of AWS to start an instance say nothing; in seconds since 1970."""


def bring_to(wanted: Wanted, groups: Groups, group: Group) -> FleetCapacity:
    """Set what differs, and say how the group is and what AWS has refused."""
    # What Terraform changes or drains has another maximum for a moment.
    capacity, size = min(wanted.capacity, group.most), min(wanted.size, group.most)
    # AWS ends what is beyond a capacity some seconds after it was set.
    started = min(group.started, group.capacity)
    problem = None
    try:
        if capacity > size and (wanted.is_renewed or not group.shrinks):
            groups.shrink_at(group, size, wanted.back)
        elif capacity <= size and group.shrinks:
            groups.shrink_never(group)
        if capacity != group.capacity:
            groups.set_capacity(group, capacity)
            say(f"fleet {wanted.fleet}: capacity {group.capacity} set to {capacity}")
        elif not has(group, capacity):
            problem = groups.why_missing(group, wanted.since)
    except ScalingError as error:
        return _state(group.capacity, str(error), started, None)
    return _state(capacity, None, started, _hindrance(wanted, group) or problem)


def has(group: Group, capacity: int | None) -> bool:
    """Are so many of its machines in service?"""
    return group.in_service >= (capacity or 0)


def _hindrance(wanted: Wanted, group: Group) -> str | None:
    """Of the group itself."""
    if wanted.capacity > group.most:
        return (
            f"its Auto Scaling group takes {group.most} machines at most: "
            "wait for the deploy that is on, or deploy again"
        )
    if group.suspended:
        what = " and ".join(group.suspended)
        return f"{what} of its Auto Scaling group are suspended: deploy again, which resumes them"
    return None


def unknown(error: ScalingError) -> FleetCapacity:
    """Of a fleet whose group nobody has found."""
    return _state(None, str(error), None, None)


def _state(
    capacity: int | None, error: str | None, started: int | None, problem: str | None
) -> FleetCapacity:
    return {"capacity": capacity, "error": error, "started": started, "problem": problem}
