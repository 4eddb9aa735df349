"""Actions of Auto Scaling: on a group by its name, and on what its launch template uses.

Whoever makes a group, or changes its template, must be allowed to start a machine with it (EC2 Auto Scaling User Guide,
"Control Amazon EC2 launch template usage"). Later the service starts machines with a role of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends
from moto.ec2.utils import convert_tag_spec

from asked import Asked
from asked_ec2 import ec2_asks, request_tags, tags_at

POLICY = "MixedInstancesPolicy."


def autoscaling_asks(action: str, data: Mapping[str, Any], region: str) -> Iterator[Asked]:
    if action.startswith("Describe"):
        yield Asked(f"autoscaling:{action}")
        return
    tags = request_tags(tags_at(data, "Tags.member."))
    named = {value[0] for key, value in data.items() if key == "AutoScalingGroupName" or key.endswith(".ResourceId")}
    for name in sorted(named):
        yield Asked(f"autoscaling:{action}", *group(name, region, tags))
    if action == "CreateAutoScalingGroup":
        yield role_of_the_service()
    if action in ("CreateAutoScalingGroup", "UpdateAutoScalingGroup"):
        yield from launch_asks(data, region)


def group(name: str, region: str, tags: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """ARN, whose id only an existing one has, and condition keys."""
    found = autoscaling_backends[DEFAULT_ACCOUNT_ID][region].autoscaling_groups.get(name)
    arn = f"arn:aws:autoscaling:{region}:{DEFAULT_ACCOUNT_ID}:autoScalingGroup:*:autoScalingGroupName/{name}"
    own = {
        f"{service}:ResourceTag/{tag['Key']}": tag["Value"]
        for service in ("aws", "autoscaling")
        for tag in (found.tags if found else [])
    }
    return found.arn if found else arn, {**own, **tags}


def role_of_the_service() -> Asked:
    """The account is one where nobody has used Auto Scaling yet: its role comes with the first group (User Guide,
    "Amazon EC2 Auto Scaling API permissions"). That of spot it makes itself, with the first instance on spot
    (AutoScalingServiceRolePolicy, EC2SpotManagement)."""
    service = "autoscaling.amazonaws.com"
    arn = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/aws-service-role/{service}/AWSServiceRoleForAutoScaling"
    return Asked("iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": service})


def launch_asks(data: Mapping[str, Any], region: str) -> Iterator[Asked]:
    """Nothing without a template: an update that names none leaves it as it is."""
    given = f"{POLICY}LaunchTemplate.LaunchTemplateSpecification."
    identifier = data.get(f"{given}LaunchTemplateId", data.get("LaunchTemplate.LaunchTemplateId", [None]))[0]
    templates = ec2_backends[DEFAULT_ACCOUNT_ID][region].launch_templates
    if identifier not in templates:
        return
    version = data.get(f"{given}Version", data.get("LaunchTemplate.Version", ["$Default"]))[0]
    template = templates[identifier].get_version(version).data
    subnets = data.get("VPCZoneIdentifier", [""])[0].split(",")
    yield from ec2_asks("RunInstances", launch(identifier, template, subnets), region)


def launch(identifier: str, template: Mapping[str, Any], subnets: list[str]) -> dict[str, list[str]]:
    """A template's content as RunInstances takes it."""
    data = {
        "LaunchTemplate.LaunchTemplateId": [identifier],
        "ImageId": [template["ImageId"]],
    }
    if "KeyName" in template:
        data["KeyName"] = [template["KeyName"]]
    if "IamInstanceProfile" in template:
        data["IamInstanceProfile.Arn"] = [template["IamInstanceProfile"]["Arn"]]
    lists = {"SubnetId": subnets, "SecurityGroupId": template.get("SecurityGroupIds", [])}
    for name, values in lists.items():
        data |= {f"{name}.{index}": [value] for index, value in enumerate(values, 1)}
    for index, (kind, tags) in enumerate(convert_tag_spec(template.get("TagSpecifications", [])).items(), 1):
        place = f"TagSpecification.{index}."
        data[f"{place}ResourceType"] = [kind]
        for number, (key, value) in enumerate(tags.items(), 1):
            data |= {f"{place}Tag.{number}.Key": [key], f"{place}Tag.{number}.Value": [value]}
    return data
