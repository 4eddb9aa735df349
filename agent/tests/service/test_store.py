"""The store in a bucket."""

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from locust_cluster.service.store import S3Store


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
