"""Auto Scaling groups have as many machines as they are told to have; what AWS does not give is asked for again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, autoscaling_backends
from moto.core import DEFAULT_ACCOUNT_ID

import relaunches
from activities import Batch, at
from group_balance import balance, has_too_many_for_now
from group_members import begin, check_health, end, end_unhealthy, follow, members
from lifecycle import delays
from moto_fixes import replace
from passing_time import at_every_moment
from processes import DELETED, is_deleted, runs
from termination_policy import chosen


@dataclass
class Change:
    told: str
    """Sentences about what was asked for."""
    due: float
    """When the group acts on it, by the steady clock."""


changes: dict[FakeAutoScalingGroup, Change] = {}


def change(group: FakeAutoScalingGroup, capacity: int, why: str) -> None:
    """`why`: a user request …, a scheduled action …

    A group acts on it later (AWS CLI Reference, describe-scaling-activities: asked at 19:35:51, started at 19:36:07).
    """
    before = getattr(group, "desired_capacity", None) or 0
    group.desired_capacity = capacity
    if before == capacity:
        return
    told = f"{at()} {why} changing the desired capacity from {before} to {capacity}.  "
    changes.setdefault(group, Change("", time.monotonic() + delays.scaling)).told += told
    relaunches.forget(group)


def constraints(group: FakeAutoScalingGroup, capacity: int) -> str:
    sizes = f"min: {group.min_size}, max: {group.max_size}, desired: {capacity}"
    return f"update of AutoScalingGroup constraints to {sizes}"


@replace(FakeAutoScalingGroup, "set_desired_capacity")
def created_or_updated(_: Any, self: FakeAutoScalingGroup, new_capacity: int | None) -> None:
    capacity = (self.min_size or 0) if new_capacity is None else new_capacity
    made = self.autoscaling_backend.autoscaling_groups.get(self.name) is self
    change(self, capacity, f"a user request {constraints(self, capacity) if made else 'created an AutoScalingGroup'}")


@replace(AutoScalingBackend, "set_desired_capacity")
def explicitly_set(_: Any, self: AutoScalingBackend, group_name: str, desired_capacity: int) -> None:
    change(
        self.autoscaling_groups[group_name],
        desired_capacity,
        "a user request explicitly set group desired capacity",
    )


@replace(AutoScalingBackend, "delete_auto_scaling_group")
def ends_with_its_machines(_: Any, self: AutoScalingBackend, group_name: str) -> None:
    group = self.autoscaling_groups[group_name]
    group.status = DELETED  # type: ignore[attr-defined]
    change(group, 0, "a user request force deleted AutoScalingGroup")


@replace(AutoScalingBackend, "notify_terminate_instances")
def notices_by_itself(_original: Any, _self: AutoScalingBackend, _instance_ids: list[str]) -> None:
    """moto replaces at once those that EC2 was asked to end, and no others."""


@at_every_moment
def keep_all_sizes() -> None:
    for backend in list(autoscaling_backends[DEFAULT_ACCOUNT_ID].values()):
        for group in list(backend.autoscaling_groups.values()):
            keep_size(group)
            if is_deleted(group) and not group.instance_states:
                del backend.autoscaling_groups[group.name]


def keep_size(group: FakeAutoScalingGroup) -> None:
    follow(group)
    if runs(group, "HealthCheck"):
        check_health(group)
    unhealthy = end_unhealthy(group) if runs(group, "Terminate") and runs(group, "ReplaceUnhealthy") else 0
    told = changes.get(group, NOTHING)
    if time.monotonic() < told.due:
        return
    there, wanted = len(members(group)), group.desired_capacity or 0
    if there > wanted:
        if runs(group, "Terminate") and not has_too_many_for_now(group):
            changes.pop(group, None)
            shrink(group, there, wanted, told.told)
    elif there < wanted and runs(group, "Launch"):
        if relaunches.may_ask(group):
            changes.pop(group, None)
            grow(group, there, wanted, unhealthy, told.told)
    elif there == wanted:
        changes.pop(group, None)
        balance(group)


NOTHING = Change("", 0)
DIFFERENCE = "in response to a difference between desired and actual capacity"


def shrink(group: FakeAutoScalingGroup, there: int, wanted: int, told: str) -> None:
    taken = f"an instance was taken out of service {DIFFERENCE}, shrinking the capacity from {there} to {wanted}."
    for state in chosen(group, there - wanted):
        selected = f"instance {state.instance_id} was selected for termination."
        end(state, f"{told}{at()} {taken}  {at()} {selected}")


def grow(group: FakeAutoScalingGroup, there: int, wanted: int, unhealthy: int, told: str) -> None:
    """The first ones replace those that were unhealthy. One that fails ends the attempt, as one activity."""
    replaced = "an instance was launched in response to an unhealthy instance needing to be replaced."
    started = f"an instance was started {DIFFERENCE}, increasing the capacity from {there} to {wanted}."
    batch = Batch(group)
    for number in range(wanted - there):
        if not begin(group, f"{at()} {replaced}" if number < unhealthy else f"{told}{at()} {started}", batch):
            return
