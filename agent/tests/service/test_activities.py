"""Why AWS starts no instances, in short."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from locust_cluster.service.activities import why_missing

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()

END = "Launching EC2 instance failed."


def activity(status: str, message: str = "", second: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "StatusCode": status,
        "StatusMessage": message,
        "StartTime": datetime.fromtimestamp(NOON + second, UTC),
        "Description": f"Launching a new EC2 instance.  Status Reason: {message}",
        **more,
    }


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (
            "We currently do not have sufficient c7g.large capacity in the Availability Zone you "
            "requested (eu-central-1a). Our system will be working on provisioning additional "
            f"capacity. {END}",
            "AWS has no capacity for c7g.large in eu-central-1a",
        ),
        (
            "Could not launch Spot Instances. UnfulfillableCapacity - Unable to fulfill capacity "
            f"due to your request configuration. Please adjust your request and try again. {END}",
            "AWS has no spot capacity for its instance types in eu-central-1b",
        ),
        (
            "There is no Spot capacity available that matches your request.",
            "AWS has no spot capacity for its instance types in eu-central-1b",
        ),
        (
            "Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more "
            "vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that "
            "the specified instance type belongs to. Please visit "
            "http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. "
            f"{END}",
            "the account's quota of 32 vCPUs is used up: ask for more in Service Quotas",
        ),
        (
            "Could not launch Spot Instances. MaxSpotInstanceCountExceeded - Max spot instance "
            f"count exceeded. {END}",
            "the account's spot quota is used up: ask for more in Service Quotas",
        ),
        (
            "Could not launch Spot Instances. InvalidParameterCombination - The specified instance "
            f"type is not eligible for Free Tier. {END}",
            "AWS says: The specified instance type is not eligible for Free Tier.",
        ),
        (
            "Could not launch Spot Instances. AuthFailure.ServiceLinkedRoleCreationNotPermitted - "
            f"The provided credentials do not have permission to create the role.\n{END}",
            "AWS says: The provided credentials do not have permission to create the role.",
        ),
        (
            "Could not launch On-Demand Instances. RequestLimitExceeded - Request limit exceeded. "
            f"{END}",
            "AWS says: Request limit exceeded.",
        ),
        (
            f"Could not launch On-Demand Instances. VolumeLimitExceeded - Too many volumes. {END}",
            "AWS says: Too many volumes.",
        ),
        (
            "Instance became unhealthy while waiting for instance to be in InService state. "
            "Termination Reason: Client.InvalidKMSKey.InvalidState: The KMS key provided is in an "
            "incorrect state",
            "AWS says: The KMS key provided is in an incorrect state: "
            "the key of its volumes may not admit Auto Scaling",
        ),
        (
            "Instance became unhealthy while waiting for instance to be in InService state. "
            "Termination Reason: Client.InternalError: Client error on launch",
            "AWS says: Client error on launch: the key of its volumes may not admit Auto Scaling",
        ),
        ("x" * 300, f"AWS says: {'x' * 200}"),
        ("", "AWS does not say why"),
    ],
)
def test_says_it_in_one_sentence(message: str, why: str) -> None:
    details = json.dumps({"Subnet ID": "subnet-1", "Availability Zone": "eu-central-1b"})
    assert why_missing([activity("Failed", message, Details=details)], 0) == why


@pytest.mark.parametrize("details", ["", "{", "[]", "null", '{"Availability Zone": 1}'])
def test_names_no_zone_that_aws_does_not_name(details: str) -> None:
    failed = activity("Failed", "There is no Spot capacity", Details=details)
    assert why_missing([failed], 0) == "AWS has no spot capacity for its instance types"


FAILED = activity("Failed", "It is Friday.", 10)


def test_the_newest_failure_counts_while_machines_are_missing() -> None:
    says = "AWS says: It is Friday."
    assert why_missing([], 0) is None
    assert why_missing([FAILED, activity("Successful", second=5)], 0) == says
    assert why_missing([activity("Successful", second=15), FAILED], 0) == says
    assert why_missing([activity("InProgress", "It is on its way.", 15), FAILED], 0) == says
    assert why_missing([activity("Failed", "It is Monday.", 20), FAILED], 0) == (
        "AWS says: It is Monday."
    )
    assert why_missing([activity("PreInService", second=15)], 0) is None


def test_an_instance_that_ec2_ends_is_a_failure_and_a_smaller_capacity_is_none() -> None:
    ended = activity("Cancelled", "Termination Reason: Client.VolumeLimitExceeded: Too many.")
    assert why_missing([ended], 0) == "AWS says: Too many."
    assert why_missing([activity("Cancelled")], 0) is None


def test_a_machine_that_leaves_is_no_attempt() -> None:
    leaves = {**FAILED, "StatusMessage": "Busy.", "Description": "Terminating EC2 instance: i-1"}
    assert why_missing([leaves, FAILED], 0) == "AWS says: It is Friday."


def test_what_was_before_the_run_says_nothing_of_it() -> None:
    assert why_missing([FAILED], NOON + 10) is not None
    assert why_missing([FAILED], NOON + 11) is None
