"""What Auto Scaling groups did, and why: moto knows no scaling activities.

Texts as in the User Guide ("Verify a scaling activity", "Replace unhealthy instances") and in re:Post ("Why did Amazon
EC2 Auto Scaling terminate an instance?", "My Auto Scaling group scaled down"). AWS keeps them for six weeks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

MOST = 100


@dataclass(eq=False)
class Activity:
    group: FakeAutoScalingGroup
    description: str
    cause: str
    details: str
    status_code: str
    status_message: str | None = None
    progress: int = 50
    end_time: datetime | None = None
    start_time: datetime = field(default_factory=utcnow)
    place: int = 0
    """Among those that began at the same moment."""
    activity_id: str = field(default_factory=lambda: str(mock_random.uuid4()))

    def end(self, status: str = "Successful", message: str | None = None) -> None:
        self.status_code, self.progress, self.end_time = status, 100, utcnow()
        if message:
            self.status_message = message
            self.description += f".  Status Reason: {message}"

    def answer(self) -> dict[str, Any]:
        told = {
            "ActivityId": self.activity_id,
            "AutoScalingGroupName": self.group.name,
            "Description": self.description,
            "Cause": self.cause,
            "StartTime": self.start_time,
            "EndTime": self.end_time,
            "StatusCode": self.status_code,
            "StatusMessage": self.status_message,
            "Progress": self.progress,
            "Details": self.details,
            "AutoScalingGroupARN": self.group.arn,
        }
        return {key: value for key, value in told.items() if value is not None}


activities: list[Activity] = []


def note(group: FakeAutoScalingGroup, description: str, cause: str, subnet: str, status_code: str) -> Activity:
    zone = group.ec2_backend.get_subnet(subnet).availability_zone
    details = json.dumps({"Subnet ID": subnet, "Availability Zone": zone}, separators=(",", ":"))
    activities.append(Activity(group, description, cause, details, status_code))
    return activities[-1]


class Batch:
    """Launches of one moment. AWS promises no order among them: here it is that of the launches, then the opposite."""

    batches: ClassVar[Counter[FakeAutoScalingGroup]] = Counter()

    def __init__(self, group: FakeAutoScalingGroup) -> None:
        self.batches[group] += 1
        self.step = 1 if self.batches[group] % 2 else -1
        self.start_time = utcnow()
        self.size = 0

    def add(self, activity: Activity) -> None:
        self.size += 1
        activity.start_time, activity.place = self.start_time, self.size * self.step


def at() -> str:
    return f"At {utcnow().strftime('%Y-%m-%dT%H:%M:%SZ')}"


def describe_scaling_activities(self: AutoScalingResponse) -> ActionResult:
    """Those under way first, then the latest; those of a group that is gone only if asked for."""
    name = self._get_param("AutoScalingGroupName")
    groups = self.autoscaling_backend.autoscaling_groups
    deleted = self._get_bool_param("IncludeDeletedGroups", False)
    if name and name not in groups and not deleted:
        raise ValidationError(f"AutoScalingGroup name not found - AutoScalingGroup {name} not found")
    found = [each for each in of_region(self.region) if name in (None, each.group.name)]
    found = [each for each in found if deleted or groups.get(each.group.name) is each.group]
    ids = self._get_param("ActivityIds", [])
    found = [each for each in found if not ids or each.activity_id in ids]
    found.sort(key=lambda each: (each.end_time is not None, -each.start_time.timestamp(), each.place))
    begin, most = int(self._get_param("NextToken") or 0), self._get_int_param("MaxRecords", MOST)
    end = begin + most
    page = [each.answer() for each in found[begin:end]]
    return ActionResult({"Activities": page, "NextToken": str(end) if end < len(found) else None})


def of_region(region: str) -> Iterator[Activity]:
    """The latest first, where two begin at once."""
    return (each for each in reversed(activities) if each.group.region == region)


AutoScalingResponse.describe_scaling_activities = describe_scaling_activities  # type: ignore[method-assign]
