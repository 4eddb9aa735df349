"""What Auto Scaling refuses of a group's instances and processes (API Reference and User Guide)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends

from processes import PROCESSES, is_deleted
from refusals.refusal import Refusal
from refusals.request import Call

# API Reference, InstancesDistribution. Logs of Terraform quote the words for the second.
STRATEGIES = {
    "OnDemandAllocationStrategy": ("prioritized", "lowest-price"),
    "SpotAllocationStrategy": (
        "lowest-price",
        "capacity-optimized",
        "capacity-optimized-prioritized",
        "price-capacity-optimized",
    ),
}

# API Reference, CreateAutoScalingGroup, TerminationPolicies; or the ARN of a Lambda function.
TERMINATION_POLICIES = {
    "Default",
    "AllocationStrategy",
    "ClosestToNextInstanceHour",
    "NewestInstance",
    "OldestInstance",
    "OldestLaunchConfiguration",
    "OldestLaunchTemplate",
}


def refusals(call: Call, group: FakeAutoScalingGroup | None) -> Iterator[Refusal]:
    """Of process names and termination policies AWS's words are not known."""
    values, operation = call.values, call.operation.name
    policy = values.get("MixedInstancesPolicy", {})
    yield from of_strategies(policy.get("InstancesDistribution", {}))
    yield from of_template(policy.get("LaunchTemplate", {}).get("LaunchTemplateSpecification", {}), call.region)
    for each in values.get("TerminationPolicies", []):
        if each not in TERMINATION_POLICIES and not each.startswith("arn:"):
            yield Refusal("ValidationError", f"The termination policy '{each}' is not valid")
    for each in values.get("ScalingProcesses", []):
        if each not in PROCESSES:
            yield Refusal("ValidationError", f"The process '{each}' is not valid")
    if operation == "SuspendProcesses" and group and is_deleted(group):
        # cloud-custodian #497.
        message = "Processes may not be suspended while the AutoScaling group is pending delete"
        yield Refusal("ValidationError", message)


def of_strategies(distribution: Mapping[str, Any]) -> Iterator[Refusal]:
    for name, known in STRATEGIES.items():
        if name in distribution and distribution[name] not in known:
            yield Refusal("ValidationError", f"{name} is not valid. Valid options are: [{', '.join(known)}].")


def of_template(specification: Mapping[str, Any], region: str) -> Iterator[Refusal]:
    named = {specification.get("LaunchTemplateId"), specification.get("LaunchTemplateName")}
    templates = ec2_backends[DEFAULT_ACCOUNT_ID][region].launch_templates.values()
    template = next((each for each in templates if named & {each.id, each.name}), None)
    if template and "InstanceMarketOptions" in template.get_version(specification.get("Version", "$Default")).data:
        # kubernetes/kops #7066.
        yield Refusal(
            "InvalidQueryParameter",
            "Incompatible launch template: You cannot use a launch template that is set to request Spot Instances"
            " (InstanceMarketOptions) when you configure an Auto Scaling group with a mixed instances policy. Add a"
            " different launch template to the group and try again.",
        )
