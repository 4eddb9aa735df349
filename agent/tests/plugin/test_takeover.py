"""A master starts whatever the runs of the one before it look like."""

import json
from pathlib import Path
from unittest.mock import Mock

import pytest
from cluster import Cluster
from locust import stats
from locust.env import Environment
from ports import free_port

from locust_cluster.common.identity import identify
from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.settings import read_settings
from locust_cluster.plugin.runs_on_master import RunsOnMaster

ID = "20260101-000000"


@pytest.mark.parametrize(
    "document",
    [
        {"state": [], "id": ID},
        {"state": "running"},
        {"state": "running", "id": ID, "states": 5},
        {"state": "waiting", "id": ID, "request": {}, "created": 5},
    ],
)
def test_a_damaged_run_keeps_no_master_from_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: object
) -> None:
    settings = read_settings(Cluster(tmp_path).variables("master", "master", 1, 1))
    monkeypatch.setattr(stats, "bucket_response_time", stats.bucket_response_time)
    folder = settings.runs_dir / ID
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(document))
    environment = Environment()
    runner = environment.create_master_runner("127.0.0.1", free_port())
    try:
        manifest = read_manifest(settings.release / "current.json")
        runs = RunsOnMaster(settings, identify(settings, manifest))
        runs.start(environment, Mock(), list, dict)
        assert not runs.is_busy
    finally:
        runner.quit()
