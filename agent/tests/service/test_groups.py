"""Auto Scaling as its client tells of it: what is asked, and why it did not work."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from locust_cluster.common import metadata
from locust_cluster.service import groups as module
from locust_cluster.service.groups import AutoScalingGroups, Group, ScalingError, open_groups

STATE = "local:1234"

GROUP: dict[str, Any] = {
    "AutoScalingGroupName": "shop-eu-01234567",
    "MinSize": 0,
    "MaxSize": 9,
    "DesiredCapacity": 3,
    "DefaultCooldown": 300,
    "AvailabilityZones": ["us-east-1a"],
    "HealthCheckType": "EC2",
    "CreatedTime": "2026-11-21T10:00:00Z",
    "Instances": [],
    "Tags": [
        {"Key": "locust-cluster-state", "Value": STATE},
        {"Key": "locust-cluster-fleet", "Value": "eu"},
    ],
}

BEGUN = datetime(2026, 11, 21, 10, tzinfo=UTC)

MINE = [{"Name": "tag:locust-cluster-state", "Values": [STATE]}]


def instance(state: str) -> dict[str, Any]:
    return {
        **{"InstanceId": f"i-{state}", "AvailabilityZone": "us-east-1a", "LifecycleState": state},
        **{"HealthStatus": "Healthy", "ProtectedFromScaleIn": False},
    }


EU = Group("shop-eu-01234567", 3, 9, True, started=3, in_service=1, suspended=("Launch",))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> tuple[AutoScalingGroups, Stubber]:
    client = boto3.client(
        "autoscaling", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    monkeypatch.setattr(module, "open_client", lambda *_: client)
    return AutoScalingGroups("us-east-1", STATE), Stubber(client)


def test_finds_the_groups_of_its_cluster_by_their_tags(
    opened: tuple[AutoScalingGroups, Stubber],
) -> None:
    groups, stubber = opened
    us = {**GROUP, "AutoScalingGroupName": "shop-us-01234567"}
    states = ("Pending", "Pending:Wait", "InService", "Terminating", "Terminated:Wait")
    processes = [{"ProcessName": name} for name in ("AZRebalance", "Launch")]
    eu = {
        **GROUP,
        "Instances": [instance(state) for state in states],
        "SuspendedProcesses": processes,
    }
    us["Tags"] = [{"Key": "locust-cluster-fleet", "Value": "us"}]
    shrinks = {"ScheduledActionName": "locust-cluster-shrink"}
    with stubber:
        for page, token in (
            ({"AutoScalingGroups": [eu], "NextToken": "2"}, {}),
            ({"AutoScalingGroups": [us]}, {"NextToken": "2"}),
        ):
            stubber.add_response("describe_auto_scaling_groups", page, {"Filters": MINE, **token})
        for name, actions in ((EU.name, [shrinks]), ("shop-us-01234567", [])):
            stubber.add_response(
                "describe_scheduled_actions",
                {"ScheduledUpdateGroupActions": actions},
                {"AutoScalingGroupName": name, "ScheduledActionNames": ["locust-cluster-shrink"]},
            )
        empty = Group("shop-us-01234567", 3, 9, shrinks=False, started=0, in_service=0)
        assert groups.find() == {"eu": EU, "us": empty}
        stubber.assert_no_pending_responses()


def test_sets_the_capacity_and_nothing_else(opened: tuple[AutoScalingGroups, Stubber]) -> None:
    groups, stubber = opened
    with stubber:
        asked = {"AutoScalingGroupName": EU.name, "DesiredCapacity": 5}
        stubber.add_response("set_desired_capacity", {}, asked)
        groups.set_capacity(EU, 5)
        stubber.assert_no_pending_responses()


def test_schedules_the_way_back_and_forgets_it(
    opened: tuple[AutoScalingGroups, Stubber],
) -> None:
    groups, stubber = opened
    action = {"AutoScalingGroupName": EU.name, "ScheduledActionName": "locust-cluster-shrink"}
    with stubber:
        start = {"StartTime": BEGUN, "DesiredCapacity": 1}
        stubber.add_response("put_scheduled_update_group_action", {}, {**action, **start})
        groups.shrink_at(EU, 1, BEGUN.timestamp() + 0.5)  # AWS knows no parts of seconds
        stubber.add_response("delete_scheduled_action", {}, action)
        groups.shrink_never(EU)
        stubber.assert_no_pending_responses()


def activity(status: str, **more: Any) -> dict[str, Any]:
    return {
        **{"ActivityId": "1", "AutoScalingGroupName": EU.name, "Cause": "a", "StartTime": BEGUN},
        **{"Description": "Launching a new EC2 instance", "StatusCode": status},
        **more,
    }


FAILED = activity("Failed", EndTime=BEGUN, StatusMessage="Max spot instance count exceeded.")


def test_asks_for_attempts_to_start_instances_until_one_tells(
    opened: tuple[AutoScalingGroups, Stubber],
) -> None:
    groups, stubber = opened
    asked = {"AutoScalingGroupName": EU.name, "MaxRecords": 100}
    goes_on = activity("InProgress", StartTime=BEGUN - timedelta(hours=1))
    first = {"Activities": [goes_on, activity("Successful", EndTime=BEGUN)], "NextToken": "2"}
    with stubber:
        stubber.add_response("describe_scaling_activities", first, asked)
        last = {"Activities": [FAILED], "NextToken": "3"}
        stubber.add_response("describe_scaling_activities", last, {**asked, "NextToken": "2"})
        used_up = "the account's spot quota is used up: ask for more in Service Quotas"
        assert groups.why_missing(EU, BEGUN.timestamp()) == used_up
        stubber.assert_no_pending_responses()
        stubber.add_client_error("describe_scaling_activities", "AccessDenied", "not you")
        with pytest.raises(ScalingError, match=r"us-east-1 told no activities: .*not you"):
            groups.why_missing(EU, 0)


def test_asks_for_no_attempts_of_before(opened: tuple[AutoScalingGroups, Stubber]) -> None:
    groups, stubber = opened
    asked = {"AutoScalingGroupName": EU.name, "MaxRecords": 100}
    old = {"Activities": [FAILED], "NextToken": "2"}
    with stubber:
        stubber.add_response("describe_scaling_activities", old, asked)
        assert groups.why_missing(EU, BEGUN.timestamp() + 1) is None
        stubber.assert_no_pending_responses()


def test_a_group_that_is_being_deleted_is_none(opened: tuple[AutoScalingGroups, Stubber]) -> None:
    groups, stubber = opened
    leaving = {"AutoScalingGroups": [{**GROUP, "Status": "Delete in progress"}]}
    with stubber:
        stubber.add_response("describe_auto_scaling_groups", leaving, {"Filters": MINE})
        assert groups.find() == {}
        stubber.assert_no_pending_responses()


def test_says_what_aws_refused(opened: tuple[AutoScalingGroups, Stubber]) -> None:
    groups, stubber = opened
    with stubber:
        stubber.add_client_error("describe_auto_scaling_groups", "AccessDenied", "not you")
        with pytest.raises(
            ScalingError, match=r"us-east-1 told no groups: .*AccessDenied.*not you"
        ):
            groups.find()
        stubber.add_client_error("set_desired_capacity", "ValidationError", "above max value 9")
        with pytest.raises(
            ScalingError, match=r"did not set the capacity to 5: .*above max value 9"
        ):
            groups.set_capacity(EU, 5)


def test_says_that_the_environment_does_not_know_auto_scaling(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    monkeypatch.setattr("botocore.loaders.Loader.BUILTIN_DATA_PATH", str(tmp_path))
    with pytest.raises(ScalingError, match=r"^cannot use Auto Scaling in us-east-1: "):
        AutoScalingGroups("us-east-1", STATE)


def test_does_not_guess_which_cluster_this_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ask_metadata", lambda _: {})
    with pytest.raises(ScalingError, match="this cluster's: no tag locust-cluster-state here"):
        open_groups("us-east-1")
    monkeypatch.undo()
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(metadata, "TIMEOUT_S", 0.2)
    with pytest.raises(ScalingError, match="this cluster's: the metadata service does not answer"):
        open_groups("us-east-1")
