"""Auto Scaling groups have as many machines as they are told to have; what AWS does not give is asked for again."""

from __future__ import annotations

import time
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, autoscaling_backends
from moto.core import DEFAULT_ACCOUNT_ID

from activities import at
from group_members import begin, end, end_unhealthy, follow, members
from lifecycle import delays
from moto_fixes import replace
from passing_time import at_every_moment
from termination_policy import chosen

again_at: dict[FakeAutoScalingGroup, float] = {}
ending: set[FakeAutoScalingGroup] = set()


def change(group: FakeAutoScalingGroup, capacity: int, why: str) -> None:
    """`why`: a user request …, a scheduled action …"""
    before = getattr(group, "desired_capacity", None) or 0
    group.desired_capacity = capacity
    told = f"{at()} {why} changing the desired capacity from {before} to {capacity}.  " if before != capacity else ""
    again_at.pop(group, None)
    keep_size(group, told)


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
    """Until the last one is gone, the group is there."""
    group = self.autoscaling_groups[group_name]
    group.status = "Delete in progress"  # type: ignore[attr-defined]
    ending.add(group)
    change(group, 0, "a user request force deleted AutoScalingGroup")


@replace(AutoScalingBackend, "notify_terminate_instances")
def notices_by_itself(_original: Any, _self: AutoScalingBackend, _instance_ids: list[str]) -> None:
    """moto replaces at once those that EC2 was asked to end, and no others."""


@at_every_moment
def keep_all_sizes() -> None:
    for backend in list(autoscaling_backends[DEFAULT_ACCOUNT_ID].values()):
        for group in list(backend.autoscaling_groups.values()):
            keep_size(group)
            if group in ending and not group.instance_states:
                ending.remove(group)
                del backend.autoscaling_groups[group.name]


def keep_size(group: FakeAutoScalingGroup, told: str = "") -> None:
    """`told`: the sentence about the change that has just been asked for."""
    follow(group)
    unhealthy = end_unhealthy(group)
    there, wanted = len(members(group)), group.desired_capacity or 0
    if there > wanted:
        shrink(group, there, wanted, told)
    if there < wanted and time.monotonic() >= again_at.get(group, 0):
        grow(group, there, wanted, unhealthy, told)


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
    for number in range(wanted - there):
        if not begin(group, f"{at()} {replaced}" if number < unhealthy else f"{told}{at()} {started}"):
            again_at[group] = time.monotonic() + delays.relaunch
            return
