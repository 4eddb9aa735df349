"""A token bucket, and the sizes of EC2's and Auto Scaling's.

Source of EC2's numbers: "Request throttling for the Amazon EC2 API", Amazon EC2 Developer Guide. AWS has one for each
action, account and region.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    capacity: float  # tokens
    refill: float  # tokens per second


NON_MUTATING = Limit(100, 20)
UNFILTERED = Limit(50, 10)
MUTATING = Limit(50, 5)  # "resource-intensive actions" have the same numbers

# Take from a smaller bucket when they are asked without a filter and without pages.
LARGE_ANSWERS = {
    "DescribeInstances",
    "DescribeInstanceStatus",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeSnapshots",
    "DescribeSpotInstanceRequests",
    "DescribeVolumes",
}

# "Uncategorized actions", as far as a cluster or its tests ask for them.
OF_THEIR_OWN = {
    "AssociateIamInstanceProfile": Limit(100, 5),
    "CreateNetworkInterface": Limit(100, 5),
    "CreateTags": Limit(100, 10),
    "CreateVolume": Limit(100, 5),
    "CreateVpcEndpoint": Limit(4, 0.3),
    "DeleteNetworkInterface": Limit(100, 5),
    "DeleteTags": Limit(100, 10),
    "DeleteVolume": Limit(100, 5),
    "DeleteVpcEndpoints": Limit(4, 0.3),
    "DescribeSecurityGroupReferences": Limit(20, 5),
    "DisassociateIamInstanceProfile": Limit(100, 5),
    "ModifyInstanceMetadataOptions": Limit(100, 5),
    "ModifyNetworkInterfaceAttribute": Limit(100, 5),
    "ModifyVpcEndpoint": Limit(4, 0.3),
    "RunInstances": Limit(5, 2),
    "StartInstances": Limit(5, 2),
    "TerminateInstances": Limit(100, 5),
}

# "Resource token bucket sizes": a token for each instance, beside that for the request.
OF_INSTANCES = {
    "RunInstances": Limit(1000, 2),
    "StartInstances": Limit(1000, 2),
    "StopInstances": Limit(1000, 20),
    "TerminateInstances": Limit(1000, 20),
}

OF_AUTO_SCALING = Limit(100, 20)
"""All its calls share one (re:Post, autoscaling-api-calls-throttled). AWS publishes no size:
this is EC2's for calls that change nothing."""


def limit_of(action: str, *, unfiltered: bool) -> Limit:
    """The limit on requests for an action. `unfiltered`: it was asked without a filter and without pages."""
    if action in OF_THEIR_OWN:
        return OF_THEIR_OWN[action]
    if unfiltered and action in LARGE_ANSWERS:
        return UNFILTERED
    return NON_MUTATING if action.startswith(("Describe", "List", "Search", "Get")) else MUTATING


class TokenBucket:
    def __init__(self, limit: Limit, now: float) -> None:
        """`now`, here and below: seconds of a steady clock."""
        self.limit = limit
        self.tokens = limit.capacity
        self.filled = now

    def has(self, tokens: float, now: float) -> bool:
        self.tokens = min(self.limit.capacity, self.tokens + (now - self.filled) * self.limit.refill)
        self.filled = now
        return self.tokens >= tokens

    def take(self, tokens: float) -> None:
        self.tokens -= tokens
