"""The Auto Scaling groups of a cluster's fleets, in one region."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from locust_cluster.common.constants import FLEET_TAG, STATE_TAG
from locust_cluster.common.metadata import MetadataError, ask_metadata
from locust_cluster.service.aws_client import aws_errors, open_client


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


class Groups(Protocol):
    """Every method raises ScalingError."""

    def find(self) -> Mapping[str, Group]:
        """Those of this cluster, by the name of their fleet."""
        ...

    def set_capacity(self, group: Group, capacity: int) -> None: ...


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
        except self._errors as error:
            raise self._explain("told no groups", error) from error
        return {_fleet_of(group): _to_group(group) for group in found}

    def set_capacity(self, group: Group, capacity: int) -> None:
        try:
            self._client.set_desired_capacity(
                AutoScalingGroupName=group.name, DesiredCapacity=capacity
            )
        except self._errors as error:
            raise self._explain(f"did not set the capacity to {capacity}", error) from error

    def _explain(self, what: str, error: Exception) -> ScalingError:
        return ScalingError(f"Auto Scaling in {self._region} {what}: {error}")


def _fleet_of(group: Mapping[str, Any]) -> str:
    return next((tag["Value"] for tag in group["Tags"] if tag["Key"] == FLEET_TAG), "")


def _to_group(group: Mapping[str, Any]) -> Group:
    return Group(group["AutoScalingGroupName"], group["DesiredCapacity"], group["MaxSize"])


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
