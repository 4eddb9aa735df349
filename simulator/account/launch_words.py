"""Why a group got no machine, in AWS's words: re:Post "managed node group launch failures", cloudbreak #11254, kops
#15778."""

from __future__ import annotations

from moto.ec2.exceptions import EC2ClientError

WITHOUT_CAPACITY = "InsufficientInstanceCapacity"
UNFULFILLABLE = (
    "Unable to fulfill capacity due to your request configuration. Please adjust your request and try again."
)

# terraform-aws-nat-instance #70; of CreateFleet itself `MaxFleetCountExceeded`, runs-on #88.
NO_FLEET_REQUESTS = (
    "You've reached your quota for maximum Fleet Requests for this account. Launching EC2 instance failed."
)


def status_message(refused: list[EC2ClientError], *, fleet: bool, spot: bool) -> str:
    """`fleet`: the group has a mixed instances policy. AWS documents no order of several reasons: the first counts."""
    code, message = str(refused[0].code), str(refused[0].message)
    if fleet:
        if spot and len(refused) > 1 and {error.code for error in refused} == {WITHOUT_CAPACITY}:
            # What a group of several pools says; one of a single pool names the lack itself.
            code, message = "UnfulfillableCapacity", UNFULFILLABLE
        message = f"Could not launch {'Spot' if spot else 'On-Demand'} Instances. {code} - {message}"
    return f"{message.rstrip('.')}. Launching EC2 instance failed."
