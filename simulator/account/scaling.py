"""Auto Scaling groups and launch templates, where moto (5.2) differs from AWS in a way that shows."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState
from moto.core.types import Base64EncodedString
from moto.ec2.models import EC2Backend
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.utils import parse_user_data

from moto_fixes import replace


@replace(EC2Backend, "create_launch_template")
def own_tags_stay_outside(
    original: Any, self: EC2Backend, name: str, description: str, data: dict[str, Any], tags: Any
) -> Any:
    """The tags of the template itself are not among those of what is made with it."""
    inside = [each for each in data.get("TagSpecifications", []) if each["ResourceType"] != "launch-template"]
    return original(self, name, description, data | ({"TagSpecifications": inside} if inside else {}), tags)


# CreateTags and DeleteTags change a template's tags: moto goes on telling those that it was made with.
LaunchTemplate.tags = property(lambda self: self.get_tags(), lambda self, _: None)


@replace(LaunchTemplate, "create_version")
def user_data_of_a_version(original: Any, self: LaunchTemplate, data: dict[str, Any], description: str) -> Any:
    """A later version has its user data in the form of the first: moto stops at it otherwise."""
    text = data.get("UserData")
    if text is not None and not isinstance(text, Base64EncodedString):
        data["UserData"] = parse_user_data(text)
    return original(self, data, description)


@replace(FakeAutoScalingGroup, "update")
def keeps_its_policy(original: Any, self: FakeAutoScalingGroup, *args: Any, **kwargs: Any) -> None:
    """An update that does not speak of the instances leaves their policy as it is, and nothing outside its bounds."""
    if not any(kwargs.get(name) for name in ("launch_config_name", "launch_template", "mixed_instances_policy")):
        kwargs["mixed_instances_policy"] = policy = deepcopy(self.mixed_instances_policy)
        if policy:  # moto keeps id and name, and takes one of them
            del policy["LaunchTemplate"]["LaunchTemplateSpecification"]["LaunchTemplateName"]
    kwargs["desired_capacity"] = between_its_bounds(self, kwargs)
    original(self, *args, **kwargs)


def between_its_bounds(group: FakeAutoScalingGroup, asked: dict[str, Any]) -> int:
    """The capacity follows new bounds; moto compares them with the machines that are there."""
    given = {name: getattr(group, name) if asked.get(name) is None else asked[name] for name in SIZES}
    return max(min(given["desired_capacity"] or 0, given["max_size"]), given["min_size"])


SIZES = ("min_size", "max_size", "desired_capacity")


def template_of(self: InstanceState) -> dict[str, Any] | None:
    """A member's template is the version that it was started with: moto names the template's default version."""
    template = self.auto_scaling_group.ec2_launch_template
    tags = {tag["key"]: tag["value"] for tag in self.instance.get_tags()}
    if "aws:ec2launchtemplate:version" not in tags:
        return None
    version = tags["aws:ec2launchtemplate:version"]
    return {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "Version": version}


InstanceState.launch_template = property(template_of)  # type: ignore[method-assign, assignment]
