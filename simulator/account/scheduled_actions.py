"""Scheduled actions of Auto Scaling: moto keeps them, one of a name in a region, and carries out none."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import (
    AutoScalingBackend,
    FakeAutoScalingGroup,
    FakeScheduledAction,
    autoscaling_backends,
)
from moto.core import DEFAULT_ACCOUNT_ID

from group_sizes import change, constraints
from moto_fixes import replace
from passing_time import at_every_moment
from processes import runs


def moment(given: str | datetime) -> datetime:
    """A time of a request; without a zone it is UTC."""
    time = given if isinstance(given, datetime) else datetime.fromisoformat(given)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def key(group: str, action: str) -> str:
    return f"{group}/{action}"


@replace(AutoScalingBackend, "put_scheduled_update_group_action")
def one_of_a_name_in_each_group(original: Any, self: AutoScalingBackend, **kwargs: Any) -> FakeScheduledAction:
    others = dict(self.scheduled_actions)
    action: FakeScheduledAction = original(self, **kwargs)
    others[key(kwargs["name"], kwargs["scheduled_action_name"])] = action
    self.scheduled_actions = others
    return action


@replace(AutoScalingBackend, "delete_scheduled_action")
def of_its_group(_: Any, self: AutoScalingBackend, auto_scaling_group_name: str, scheduled_action_name: str) -> None:
    if not self.scheduled_actions.pop(key(auto_scaling_group_name, scheduled_action_name), None):
        raise ValidationError("Scheduled action name not found")


def bring_forward(seconds: float) -> None:
    """All that is planned happens so much earlier: for tests, which have no time to wait for it."""
    for backend in autoscaling_backends[DEFAULT_ACCOUNT_ID].values():
        for action in backend.scheduled_actions.values():
            if action.start_time:
                action.start_time = (moment(action.start_time) - timedelta(seconds=seconds)).isoformat()


@at_every_moment
def carry_out_what_is_due() -> None:
    """Those for one moment; recurring ones are only kept."""
    now = datetime.now(UTC)
    for backend in list(autoscaling_backends[DEFAULT_ACCOUNT_ID].values()):
        for place, action in list(backend.scheduled_actions.items()):
            group = backend.autoscaling_groups.get(action.auto_scaling_group_name)
            if group is None:
                del backend.scheduled_actions[place]
            elif action.start_time and not action.recurrence and moment(action.start_time) <= now:
                del backend.scheduled_actions[place]
                # User Guide, "How suspended processes affect other processes": what is due meanwhile never happens.
                if runs(group, "ScheduledActions"):
                    carry_out(action, group)


def carry_out(action: FakeScheduledAction, group: FakeAutoScalingGroup) -> None:
    """As UpdateAutoScalingGroup: sizes that do not fit each other change nothing; one that is not given follows."""
    least, most = (
        now if new is None else int(new)
        for new, now in ((action.min_size, group.min_size or 0), (action.max_size, group.max_size or 0))
    )
    given = action.desired_capacity
    wanted = min(max(group.desired_capacity or 0, least), most) if given is None else int(given)
    if not least <= wanted <= most:
        sizes = f"capacity {wanted} is not between {least} and {most}"
        print(f"scheduled action {action.scheduled_action_name} of {group.name}: {sizes}", file=sys.stderr)
        return
    group.min_size, group.max_size = least, most
    change(group, wanted, f"a scheduled action {constraints(group, wanted)}")
