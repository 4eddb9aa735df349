"""Runs go to the bucket that current.json names, instead of the cluster's own."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from emulated_s3 import s3_variables
from moto.server import ThreadedMotoServer

from locust_cluster.common.manifest import parse_manifest

RUN = "20261121-110432-checkout"
KEY = f"locust-cluster/us-east-1/shop/runs/{RUN}/run.json"
MANIFEST = {
    "schema": 1,
    "bundle": "0" * 20,
    "environments": {"x86_64": "1" * 20},
    "python": "3.13",
    "locust": {"version": "2.47.0", "locustfile": "locustfile.py", "host": None, "args": []},
    "login": "none",
    "https": False,
}


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    # All servers of a process share what they hold.
    requests.post(f"{url}/moto-api/reset", timeout=5)
    try:
        yield url
    finally:
        server.stop()


def master(folder: Path, endpoint: str, results: str | None) -> dict[str, str]:
    """A machine with one run on its disk, and the environment of its agent service."""
    release, run = folder / "release", folder / "runs" / RUN
    for path in (release, run, folder / "state", folder / "run"):
        path.mkdir(parents=True)
    (release / "current.json").write_text(json.dumps({**MANIFEST, "results": results}))
    (run / "run.json").write_text(json.dumps({"state": "finished"}))
    return {
        **s3_variables(endpoint),
        "CLUSTER_ROLE": "master",
        "CLUSTER_BUCKET_REGION": "us-east-1",
        "CLUSTER_ARCHITECTURE": "x86_64",
        "CLUSTER_STORE": "s3://own",
        "CLUSTER_RELEASE": str(release),
        "CLUSTER_STATE_DIR": str(folder / "state"),
        "CLUSTER_RUN_DIR": str(folder / "run"),
        "CLUSTER_WORK_DIR": str(folder / "work"),
        "CLUSTER_RUNS_DIR": str(folder / "runs"),
    }


def client(endpoint: str) -> Any:
    return boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def runs_in(s3: Any, bucket: str) -> list[str]:
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    return [key for key in keys if "runs/" in key]


@pytest.mark.parametrize(
    ("results", "bucket", "key"),
    [
        ("s3://team/locust-cluster/us-east-1/shop/", "team", KEY),
        (None, "own", f"runs/{RUN}/run.json"),
    ],
)
def test_the_agent_service_copies_runs_to(
    tmp_path: Path, endpoint: str, results: str | None, bucket: str, key: str
) -> None:
    s3 = client(endpoint)
    for name in ("own", "team"):
        s3.create_bucket(Bucket=name)
    environ = master(tmp_path, endpoint, results)
    service = subprocess.Popen([sys.executable, "-m", "locust_cluster.service.agent"], env=environ)
    try:
        deadline = time.monotonic() + 30
        while not runs_in(s3, bucket) and time.monotonic() < deadline:
            time.sleep(0.2)
        found = {name: runs_in(s3, name) for name in ("own", "team")}
        assert found == {"own": [], "team": [], bucket: [key]}
    finally:
        service.kill()
        service.wait()


def test_current_json_without_results_means_the_cluster_s_own_bucket() -> None:
    assert parse_manifest(json.dumps(MANIFEST).encode()).results_store is None
