"""Scheduled actions of Auto Scaling: moto keeps them, one of a name in a region, and carries out none.

One that is due happens when EC2 or Auto Scaling is next asked for anything, as the transitions of lifecycle.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeScheduledAction, autoscaling_backends
from moto.autoscaling.responses import AutoScalingResponse
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.responses._base_response import EC2BaseResponse

from moto_fixes import replace


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


def carry_out_what_is_due() -> None:
    """Those for one moment. Of what they may set the product uses the capacity alone."""
    for backend in autoscaling_backends[DEFAULT_ACCOUNT_ID].values():
        for name, action in list(backend.scheduled_actions.items()):
            group = backend.autoscaling_groups.get(action.auto_scaling_group_name)
            if group is None:
                del backend.scheduled_actions[name]
            elif action.start_time and moment(action.start_time) <= datetime.now(UTC):
                del backend.scheduled_actions[name]
                if action.desired_capacity is not None:
                    group.set_desired_capacity(action.desired_capacity)


def carried_out(backend: Any) -> Callable[[Any], Any]:
    def get(response: Any) -> Any:
        carry_out_what_is_due()
        return backend.fget(response)

    return get


for responses, name in ((AutoScalingResponse, "autoscaling_backend"), (EC2BaseResponse, "ec2_backend")):
    setattr(responses, name, property(carried_out(getattr(responses, name))))
