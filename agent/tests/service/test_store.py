"""The store in a bucket."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from locust_cluster.common.settings import read_settings
from locust_cluster.service.changeover import update_once
from locust_cluster.service.store import S3Store, StoreError


def test_threads_make_their_clients_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads of the agent service share boto3's session, which is for one at a time."""
    inside: list[int] = []
    most: list[int] = []

    def client(*_: Any, **__: Any) -> SimpleNamespace:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        return SimpleNamespace()

    monkeypatch.setattr(boto3, "client", client)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: S3Store("bucket", "eu-central-1"), range(8)))
    assert most == [1] * 8


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        (
            {"CLUSTER_REGION": "us-west-2", "CLUSTER_BUCKET_REGION": "eu-central-1"},
            "eu-central-1",
        ),
        # Of a machine that booted before the two were told apart.
        ({"CLUSTER_REGION": "us-west-2"}, "us-west-2"),
    ],
)
def test_asks_in_the_region_of_the_bucket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, regions: dict[str, str], expected: str
) -> None:
    """A machine may be in another one."""
    asked: list[str] = []

    def client(*_: Any, region_name: str, **__: Any) -> None:
        asked.append(region_name)
        raise OSError("no network in this test")

    monkeypatch.setattr(boto3, "client", client)
    folders = ("RELEASE", "STATE_DIR", "RUN_DIR", "WORK_DIR")
    settings = read_settings(
        {
            "CLUSTER_ROLE": "worker",
            **regions,
            "CLUSTER_STORE": "s3://bucket",
            **{f"CLUSTER_{name}": str(tmp_path / name) for name in folders},
        }
    )
    with pytest.raises(StoreError, match="no network"):
        update_once(settings)
    assert asked == [expected]
