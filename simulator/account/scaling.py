"""Auto Scaling groups and launch templates, where moto (5.2) differs from AWS in a way that shows."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

from moto.autoscaling.models import ASG_NAME_TAG, FakeAutoScalingGroup, InstanceState
from moto.core.types import Base64EncodedString
from moto.ec2.models import EC2Backend
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.utils import convert_tag_spec, parse_user_data

from moto_fixes import replace


@replace(EC2Backend, "create_launch_template")
def own_tags_stay_outside(
    original: Any, self: EC2Backend, name: str, description: str, data: dict[str, Any], tags: Any
) -> Any:
    """The tags of the template itself are not among those of what is made with it."""
    inside = [each for each in data.get("TagSpecifications", []) if each["ResourceType"] != "launch-template"]
    return original(self, name, description, data | ({"TagSpecifications": inside} if inside else {}), tags)


@replace(LaunchTemplate, "create_version")
def user_data_of_a_version(original: Any, self: LaunchTemplate, data: dict[str, Any], description: str) -> Any:
    """A later version has its user data in the form of the first: moto stops at it otherwise."""
    text = data.get("UserData")
    if text is not None and not isinstance(text, Base64EncodedString):
        data["UserData"] = parse_user_data(text)
    return original(self, data, description)


@replace(FakeAutoScalingGroup, "update")
def keeps_its_policy(original: Any, self: FakeAutoScalingGroup, *args: Any, **kwargs: Any) -> None:
    """An update that does not speak of the instances leaves their policy as it is."""
    if not any(kwargs.get(name) for name in ("launch_config_name", "launch_template", "mixed_instances_policy")):
        kwargs["mixed_instances_policy"] = policy = deepcopy(self.mixed_instances_policy)
        if policy:  # moto keeps id and name, and takes one of them
            del policy["LaunchTemplate"]["LaunchTemplateSpecification"]["LaunchTemplateName"]
    original(self, *args, **kwargs)


@replace(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
def starts_from_the_template(original: Any, self: FakeAutoScalingGroup, count: int, propagated: dict[str, str]) -> None:
    """Type and subnet come from the group, all else from the template: key, groups, profile, disk, tags."""
    if not self.ec2_launch_template or not self.mixed_instances_policy:
        original(self, count, propagated)
        return
    version = self.ec2_launch_template.get_version(self.launch_template_version)
    for _ in range(count):
        self.instance_states.append(InstanceState(start(self, version, propagated)))


def start(group: FakeAutoScalingGroup, version: LaunchTemplateVersion, propagated: dict[str, str]) -> Any:
    policy: dict[str, Any] = group.mixed_instances_policy or {}
    tags = convert_tag_spec(version.data.get("TagSpecifications", []))
    tags["instance"] = {**tags.get("instance", {}), **propagated, ASG_NAME_TAG: group.name}
    share = int(policy["InstancesDistribution"].get("OnDemandPercentageAboveBaseCapacity", 100))
    reservation = group.ec2_backend.run_instances(
        version.image_id,
        1,
        version.user_data,
        [],
        instance_type=policy["LaunchTemplate"]["Overrides"][0]["InstanceType"],
        is_instance_type_default=False,
        region_name=group.region,
        subnet_id=random.choice(str(group.vpc_zone_identifier).split(",")),
        key_name=version.data.get("KeyName"),
        security_group_ids=list(version.data.get("SecurityGroupIds", [])),
        metadata_options=version.data.get("MetadataOptions", {}),
        block_device_mappings=version.data["BlockDeviceMappings"],
        instance_market_options={} if share else "spot",
        launch_template={"LaunchTemplateId": version.template.id, "Version": version.number},
        tags=tags,
    )
    instance = reservation.instances[0]
    instance.autoscaling_group = group  # type: ignore[attr-defined]
    profile = version.data.get("IamInstanceProfile", {}).get("Arn")
    if profile:
        group.ec2_backend.associate_iam_instance_profile(instance_id=instance.id, iam_instance_profile_arn=profile)
    return instance
