"""What Auto Scaling's reference says in prose; lengths of its names are in its model."""

from __future__ import annotations

from collections.abc import Iterator

from moto.autoscaling.models import FakeAutoScalingGroup, autoscaling_backends
from moto.core import DEFAULT_ACCOUNT_ID

from refusals import group_settings, scheduled_actions
from refusals.refusal import Refusal
from refusals.request import Call
from refusals.texts import Text, refused_texts

MOST_TAGS = 50

TEXTS = (
    # API Reference, CreateAutoScalingGroup: "can contain any ASCII character 33 to 126 … You cannot use a colon".
    Text(
        "CreateAutoScalingGroup.AutoScalingGroupName",
        r"[\x21-\x39\x3B-\x7E]{1,255}",
        Refusal("ValidationError", "AutoScalingGroupName '{value}' must not contain a colon, a space or a control"),
    ),
    # User Guide, "Tag Auto Scaling groups and instances": aws:… is reserved.
    Text(
        "*.Tags.Key",
        r"(?si)(?!aws:).*",
        Refusal("ValidationError", "Tag keys beginning with aws: are reserved for internal use: {value}"),
    ),
)


def refusals(call: Call) -> Iterator[Refusal]:
    values = call.values
    yield from refused_texts(call, TEXTS)
    if len(values.get("Tags", [])) > MOST_TAGS:
        yield Refusal("LimitExceeded", f"A resource may have at most {MOST_TAGS} tags")
    group = find(call)
    yield from refused_names(call, group)
    least, most = (values.get(key, getattr(group, name, 0)) for key, name in BOUNDS)
    if "MaxSize" in values and int(most) < int(least):
        yield Refusal("ValidationError", f"Max bound, {most}, must be greater than or equal to min bound, {least}")
    elif call.operation.name in MAKING_GROUPS and "DesiredCapacity" in values:
        capacity = int(values["DesiredCapacity"])
        if not int(least or 0) <= capacity <= int(most or 0):
            # convox/praxis #258, waymond #27.
            sizes = f"min size:{least} and max size:{most}"
            yield Refusal("ValidationError", f"Desired capacity:{capacity} must be between the specified {sizes}")
    yield from group_settings.refusals(call, group)
    if group and call.operation.name == "SetDesiredCapacity":
        yield from outside(int(values["DesiredCapacity"]), group)
    if group:
        yield from scheduled_actions.refusals(call, group)
    # API Reference, DeleteAutoScalingGroup: "you must either specify ForceDelete or terminate all instances".
    forced = str(values.get("ForceDelete", False)).lower() == "true"
    if group and call.operation.name == "DeleteAutoScalingGroup" and group.instance_states and not forced:
        yield Refusal(
            "ResourceInUse",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s)"
            " still in the group.",
        )


def refused_names(call: Call, group: FakeAutoScalingGroup | None) -> Iterator[Refusal]:
    name, operation = call.values.get("AutoScalingGroupName"), call.operation.name
    by_configuration = operation in MAKING_GROUPS and {"LaunchConfigurationName", "InstanceId"} & set(call.values)
    if operation == "CreateLaunchConfiguration" or by_configuration:
        # User Guide, "Launch configurations": new accounts have none. The words: AWSGoat #71.
        yield Refusal(
            "UnsupportedOperation",
            "The Launch Configuration creation operation is not available in your account. Use launch templates to"
            " create configuration templates for your Auto Scaling groups.",
        )
    if operation == "CreateAutoScalingGroup" and group:
        yield Refusal(
            "AlreadyExists",
            f"AutoScalingGroup by this name already exists - A group with the name {name} already exists",
        )
    if name and not group and operation != "CreateAutoScalingGroup" and not operation.startswith("Describe"):
        yield Refusal("ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup {name} not found")


MAKING_GROUPS = ("CreateAutoScalingGroup", "UpdateAutoScalingGroup")
BOUNDS = (("MinSize", "min_size"), ("MaxSize", "max_size"))


def outside(capacity: int, group: FakeAutoScalingGroup) -> Iterator[Refusal]:
    """API Reference, SetDesiredCapacity; the words are those that its users quote."""
    for word, bound, beyond in (
        ("above max", group.max_size, capacity > (group.max_size or 0)),
        ("below min", group.min_size, capacity < (group.min_size or 0)),
    ):
        if beyond:
            message = f"New SetDesiredCapacity value {capacity} is {word} value {bound} for the AutoScalingGroup."
            yield Refusal("ValidationError", message)


def find(call: Call) -> FakeAutoScalingGroup | None:
    name = call.values.get("AutoScalingGroupName")
    return autoscaling_backends[DEFAULT_ACCOUNT_ID][call.region].autoscaling_groups.get(str(name))
