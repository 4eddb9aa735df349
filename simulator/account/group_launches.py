"""How an Auto Scaling group starts one machine: where there is capacity, with all that its launch template says."""

from __future__ import annotations

from collections import Counter
from typing import Any

from moto.autoscaling.models import ASG_NAME_TAG, FakeAutoScalingGroup
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.utils import convert_tag_spec

from capacity import capacity
from launch_words import NO_FLEET_REQUESTS, status_message


class LaunchFailure(Exception):
    def __init__(self, message: str, subnet: str) -> None:
        """`message`: the StatusMessage of the activity."""
        super().__init__(message)
        self.subnet = subnet


def start(group: FakeAutoScalingGroup, subnet: str | None = None) -> Instance:
    """In the zone that has the fewest of the group's machines, and of its types the first that is to be had there.

    `subnet`: only there. Raises LaunchFailure when no zone has one.
    """
    refused: list[EC2ClientError] = []
    subnets = [subnet] if subnet else by_fewest(group)
    if group.mixed_instances_policy and not capacity.fleet_requests:
        raise LaunchFailure(NO_FLEET_REQUESTS, subnets[0])
    for place in subnets:
        for instance_type in types(group):
            try:
                return run(group, place, instance_type)
            except EC2ClientError as error:
                refused.append(error)
    raise LaunchFailure(
        status_message(refused, fleet=bool(group.mixed_instances_policy), spot=is_on_spot(group)), subnets[0]
    )


def by_fewest(group: FakeAutoScalingGroup) -> list[str]:
    there = Counter(state.instance.subnet_id for state in group.instance_states)
    return sorted(subnets_of(group), key=lambda subnet: there[subnet])


def subnets_of(group: FakeAutoScalingGroup) -> list[str]:
    if group.vpc_zone_identifier:
        return group.vpc_zone_identifier.split(",")
    default = group.ec2_backend.get_default_subnets()
    return [default[zone].id for zone in group.availability_zones]


def types(group: FakeAutoScalingGroup) -> list[str]:
    overrides = (group.mixed_instances_policy or {}).get("LaunchTemplate", {}).get("Overrides", [])
    return [each["InstanceType"] for each in overrides] or [version_of(group).instance_type]


def version_of(group: FakeAutoScalingGroup) -> LaunchTemplateVersion:
    assert group.ec2_launch_template, "groups have launch templates: refusals/autoscaling.py"
    return group.ec2_launch_template.get_version(group.launch_template_version)


def is_on_spot(group: FakeAutoScalingGroup) -> bool:
    """All of a group or none."""
    if group.mixed_instances_policy:
        distribution = group.mixed_instances_policy.get("InstancesDistribution", {})
        return int(distribution.get("OnDemandPercentageAboveBaseCapacity", 100)) == 0
    return version_of(group).data.get("InstanceMarketOptions", {}).get("MarketType") == "spot"


def run(group: FakeAutoScalingGroup, subnet: str, instance_type: str) -> Instance:
    version = version_of(group)
    data = version.data
    tags = convert_tag_spec(data.get("TagSpecifications", []))
    tags["instance"] = {**tags.get("instance", {}), **group.get_propagated_tags(), ASG_NAME_TAG: group.name}
    more: dict[str, Any] = {name: data[key] for name, key in OPTIONAL.items() if key in data}
    reservation = group.ec2_backend.run_instances(
        version.image_id,
        1,
        version.user_data,
        list(data.get("SecurityGroups", [])),
        instance_type=instance_type,
        is_instance_type_default=False,
        region_name=group.region,
        subnet_id=subnet,
        associate_public_ip=None,  # as the subnet has it
        security_group_ids=list(data.get("SecurityGroupIds", [])),
        instance_market_options="spot" if is_on_spot(group) else {},
        launch_template={"LaunchTemplateId": version.template.id, "Version": version.number},
        tags=tags,
        **more,
    )
    instance = reservation.instances[0]
    profile = data.get("IamInstanceProfile", {})
    if profile:
        group.ec2_backend.associate_iam_instance_profile(
            instance_id=instance.id,
            iam_instance_profile_arn=profile.get("Arn"),
            iam_instance_profile_name=profile.get("Name"),
        )
    return instance


OPTIONAL = {
    "block_device_mappings": "BlockDeviceMappings",
    "key_name": "KeyName",
    "metadata_options": "MetadataOptions",
    "instance_initiated_shutdown_behavior": "InstanceInitiatedShutdownBehavior",
}
