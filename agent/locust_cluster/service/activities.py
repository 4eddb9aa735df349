"""Why Auto Scaling starts no instances, by what it tells of its attempts. Pure.

Texts of AWS, as it writes them in `StatusMessage` of DescribeScalingActivities:
"Could not launch Spot Instances. UnfulfillableCapacity - Unable to fulfill capacity due to your
request configuration. Please adjust your request and try again. Launching EC2 instance failed."
(repost.aws/knowledge-center/eks-spot-managed-node-group-best-practices); "We currently do not have
sufficient <type> capacity in the Availability Zone you requested (<zone>). …" (EC2 Auto Scaling
User Guide, "Troubleshoot: EC2 instance launch failures"); "… VcpuLimitExceeded - You have requested
more vCPU capacity than your current vCPU limit of 32 allows …". An attempt whose instance EC2 ends
is `Cancelled`: "Instance became unhealthy while waiting for instance to be in InService state.
Termination Reason: Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect
state"; without a text, somebody wanted fewer machines meanwhile.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

LAUNCH = "Launching"
"""How the description of an attempt begins that is not about a machine's end."""

LONGEST = 200
"""Characters of what AWS says in its own words."""

CAPACITY = re.compile(
    r"InsufficientInstanceCapacity|UnfulfillableCapacity|do not have sufficient|no Spot capacity"
)
QUOTA = re.compile(
    r"VcpuLimitExceeded|InstanceLimitExceeded|MaxSpotInstanceCountExceeded"
    r"|Max spot instance count exceeded"
)
TYPE = re.compile(r"sufficient (\S+) capacity")
ZONE = re.compile(r"Availability Zone you requested \(([^)]+)\)")
VCPUS = re.compile(r"vCPU limit of (\d+)")
KEY = re.compile(r"Client\.(InvalidKMSKey|InternalError)")
FRAME = re.compile(
    r"^Could not launch \S+ Instances\. |^.*Termination Reason: |^[\w.]+(:| -) "
    r"| ?Launching (the )?EC2 instance failed\.$"
)


def why_missing(activities: Iterable[Mapping[str, Any]], since: float) -> str | None:
    """Why machines are missing that were asked for at `since`, in seconds since 1970.

    That is the newest attempt to start an instance that failed; None if none did. Of several
    machines some may have come, so a later success says nothing. `activities` as AWS gives them,
    the newest first.
    """
    for each in activities:
        is_launch = each.get("Description", "").startswith(LAUNCH)
        if each["StartTime"].timestamp() < since or not is_launch:
            continue
        message = each.get("StatusMessage", "")
        if each["StatusCode"] == "Failed" or (each["StatusCode"] == "Cancelled" and message):
            return _in_short(message, _zone(each))
    return None


def is_before(activities: Iterable[Mapping[str, Any]], since: float) -> bool:
    """Does one of them tell of the time before? Those that go on come first, whatever their age."""
    return any("EndTime" in each and each["StartTime"].timestamp() < since for each in activities)


def _in_short(message: str, zone: str | None) -> str:
    spot = "spot " if "spot" in message.lower() else ""
    if CAPACITY.search(message):
        kind = TYPE.search(message)
        named = ZONE.search(message)
        where = named[1] if named else zone
        types = kind[1] if kind else "its instance types"
        return f"AWS has no {spot}capacity for {types}" + (f" in {where}" if where else "")
    if QUOTA.search(message):
        vcpus = VCPUS.search(message)
        of = f" of {vcpus[1]} vCPUs" if vcpus else ""
        return f"the account's {spot}quota{of} is used up: ask for more in Service Quotas"
    own = " ".join(message.split())
    for _ in range(3):
        own = FRAME.sub("", own)
    if KEY.search(message):
        return f"AWS says: {own[:LONGEST]}: the key of its volumes may not admit Auto Scaling"
    return f"AWS says: {own[:LONGEST]}" if own else "AWS does not say why"


def _zone(activity: Mapping[str, Any]) -> str | None:
    try:
        details = json.loads(activity.get("Details", "{}"))
        zone = details.get("Availability Zone")
    except (ValueError, AttributeError):
        return None
    return zone if isinstance(zone, str) else None
