"""The Auto Scaling groups of a cluster's fleets, in one region."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from locust_cluster.common.constants import FLEET_TAG, STATE_TAG
from locust_cluster.common.metadata import MetadataError, ask_metadata
from locust_cluster.service.activities import is_before, why_missing
from locust_cluster.service.aws_client import aws_errors, open_client

SHRINK = "locust-cluster-shrink"
"""The scheduled action that takes a group back to its size."""


IN_SERVICE = "InService"

STARTED = ("Pending", IN_SERVICE)
"""How the lifecycle states begin of an instance that is there, or soon (`Pending:Wait`)."""

NEEDED = ("Launch", "Terminate")
"""Processes of a group without which its capacity means nothing."""

ACTIVITIES = 100
"""AWS tells as many at once; each is one instance, or an attempt that failed."""

MOST_ACTIVITIES = 1000
"""Beyond a fleet of the largest sizes that are in use; AWS keeps them for six weeks."""


class ScalingError(Exception):
    """Auto Scaling did not do what it was asked: one sentence."""


@dataclass(frozen=True)
class Group:
    """One Auto Scaling group."""

    name: str
    capacity: int
    """What it is told to have; AWS calls it the desired capacity."""
    most: int
    """AWS refuses a larger capacity. 0 while Terraform drains it."""
    shrinks: bool
    """It goes back to its size by itself at some time."""
    started: int
    """Instances that boot or are in service."""
    in_service: int
    """Those of them that AWS counts as healthy: one that EC2 cannot launch never is."""
    suspended: tuple[str, ...] = ()
    """What it does not do now: somebody has said so, or AWS, after a day without a launch."""


class Groups(Protocol):
    """Every method raises ScalingError."""

    def find(self) -> Mapping[str, Group]:
        """Those of this cluster, by the name of their fleet."""
        ...

    def set_capacity(self, group: Group, capacity: int) -> None: ...

    def shrink_at(self, group: Group, capacity: int, time_of_day: float) -> None:
        """Let AWS set the capacity then, in seconds since 1970, instead of at another time."""
        ...

    def shrink_never(self, group: Group) -> None: ...

    def why_missing(self, group: Group, since: float) -> str | None:
        """Why instances are missing that were asked for at `since`; None if AWS does not say."""
        ...


class AutoScalingGroups:
    """With the credentials of the master's role."""

    def __init__(self, region: str, state: str) -> None:
        self._region = region
        self._state = state
        self._errors = aws_errors()
        try:
            self._client = open_client("autoscaling", region)
        except self._errors as error:
            raise ScalingError(f"cannot use Auto Scaling in {region}: {error}") from error

    def find(self) -> dict[str, Group]:
        mine = [{"Name": f"tag:{STATE_TAG}", "Values": [self._state]}]
        try:
            pages = self._client.get_paginator("describe_auto_scaling_groups").paginate(
                Filters=mine
            )
            found = [group for page in pages for group in page["AutoScalingGroups"]]
            there = [group for group in found if "Status" not in group]  # others are being deleted
            return {_fleet_of(group): self._to_group(group) for group in there}
        except self._errors as error:
            raise self._explain("told no groups", error) from error

    def set_capacity(self, group: Group, capacity: int) -> None:
        try:
            self._client.set_desired_capacity(
                AutoScalingGroupName=group.name, DesiredCapacity=capacity
            )
        except self._errors as error:
            raise self._explain(f"did not set the capacity to {capacity}", error) from error

    def shrink_at(self, group: Group, capacity: int, time_of_day: float) -> None:
        try:
            self._client.put_scheduled_update_group_action(
                AutoScalingGroupName=group.name,
                ScheduledActionName=SHRINK,
                StartTime=datetime.fromtimestamp(int(time_of_day), UTC),
                DesiredCapacity=capacity,
            )
        except self._errors as error:
            raise self._explain("did not schedule the way back", error) from error

    def shrink_never(self, group: Group) -> None:
        try:
            self._client.delete_scheduled_action(
                AutoScalingGroupName=group.name, ScheduledActionName=SHRINK
            )
        except self._errors as error:
            raise self._explain("did not forget the way back", error) from error

    def why_missing(self, group: Group, since: float) -> str | None:
        pages = self._client.get_paginator("describe_scaling_activities").paginate(
            AutoScalingGroupName=group.name,
            PaginationConfig={"PageSize": ACTIVITIES, "MaxItems": MOST_ACTIVITIES},
        )
        try:
            for page in pages:
                why = why_missing(page["Activities"], since)
                if why or is_before(page["Activities"], since):
                    return why
        except self._errors as error:
            raise self._explain("told no activities", error) from error
        return None

    def _to_group(self, group: Mapping[str, Any]) -> Group:
        name = group["AutoScalingGroupName"]
        actions = self._client.describe_scheduled_actions(
            AutoScalingGroupName=name, ScheduledActionNames=[SHRINK]
        )
        shrinks = bool(actions["ScheduledUpdateGroupActions"])
        states = [instance["LifecycleState"] for instance in group.get("Instances", ())]
        started = sum(state.startswith(STARTED) for state in states)
        stopped = {process["ProcessName"] for process in group.get("SuspendedProcesses", ())}
        return Group(
            name,
            group["DesiredCapacity"],
            group["MaxSize"],
            shrinks,
            started,
            states.count(IN_SERVICE),
            tuple(process for process in NEEDED if process in stopped),
        )

    def _explain(self, what: str, error: Exception) -> ScalingError:
        return ScalingError(f"Auto Scaling in {self._region} {what}: {error}")


def _fleet_of(group: Mapping[str, Any]) -> str:
    return next((tag["Value"] for tag in group["Tags"] if tag["Key"] == FLEET_TAG), "")


def open_groups(region: str) -> Groups:
    """Those of the cluster of this machine, which a tag of its instance names.

    Raises ScalingError.
    """
    tag = f"tags/instance/{STATE_TAG}"
    try:
        state = ask_metadata([tag]).get(tag)
    except MetadataError as error:
        raise ScalingError(f"cannot tell which groups are this cluster's: {error}") from error
    if state is None:
        raise ScalingError(f"cannot tell which groups are this cluster's: no tag {STATE_TAG} here")
    return AutoScalingGroups(region, state)
