"""What Auto Scaling refuses of scheduled actions (User Guide, "Scheduled scaling", and "Quotas")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup, FakeScheduledAction

from refusals.refusal import Refusal
from refusals.request import Call
from scheduled_actions import moment

MOST_ACTIONS = 125
MOST_OF_A_BATCH = 50
SIZES = ("MinSize", "MaxSize", "DesiredCapacity")


def refusals(call: Call, group: FakeAutoScalingGroup) -> Iterator[Refusal]:
    own = {
        action.scheduled_action_name: action
        for action in group.autoscaling_backend.scheduled_actions.values()
        if action.auto_scaling_group_name == group.name
    }
    if call.operation.name == "PutScheduledUpdateGroupAction":
        yield from of_one(call.values, own)
    if call.operation.name == "BatchPutScheduledUpdateGroupAction":
        asked = call.values["ScheduledUpdateGroupActions"]
        if len(asked) > MOST_OF_A_BATCH:
            yield Refusal("ValidationError", f"At most {MOST_OF_A_BATCH} scheduled actions can be put at once")
        for each in asked:
            yield from of_one(each, own)


def of_one(asked: Mapping[str, Any], own: Mapping[str, FakeScheduledAction]) -> Iterator[Refusal]:
    """One of a name that is there takes its place."""
    name = asked["ScheduledActionName"]
    others = [action for other, action in own.items() if other != name]
    # API Reference, PutScheduledUpdateGroupAction: "You must specify at least one of the following properties".
    if not any(size in asked for size in SIZES):
        yield Refusal("ValidationError", "At least one of MinSize, MaxSize, and DesiredCapacity should be specified")
    yield from beside_each_other(asked)
    if len(others) >= MOST_ACTIONS:
        yield Refusal("LimitExceeded", f"The group has {MOST_ACTIONS} scheduled actions, which is the most it can have")
    if "StartTime" not in asked:
        return
    # API Reference: "If you try to schedule the action in the past, … returns an error".
    start = moment(asked["StartTime"])
    if start <= datetime.now(UTC):
        yield Refusal("ValidationError", "Given start time is in the past")
    # User Guide: "A scheduled action must have a unique time value".
    if any(action.start_time and moment(action.start_time) == start for action in others):
        yield Refusal("AlreadyExists", "Scheduled action with this scheduled start time already exists")


def beside_each_other(asked: Mapping[str, Any]) -> Iterator[Refusal]:
    """Of those that are given; the group's own count when the action is carried out."""
    least, most, capacity = (None if asked.get(size) is None else int(asked[size]) for size in SIZES)
    # buildkite's terraform-buildkite-elastic-ci-stack-for-aws #139 quotes the first; the second is in its manner.
    if capacity is not None and least is not None and capacity < least:
        yield Refusal("ValidationError", "Desired capacity must be greater than or equal to min size")
    if capacity is not None and most is not None and capacity > most:
        yield Refusal("ValidationError", "Desired capacity must be less than or equal to max size")
