"""Local clusters on one computer do not mix."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster import Cluster, ask

pytestmark = pytest.mark.locust

SENTENCE = "belongs to another cluster: end one of the two"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path, cluster_id="ours")
    yield made
    made.stop()


def test_worker_joins_the_master_of_its_cluster(cluster: Cluster) -> None:
    cluster.start("master")
    cluster.start("worker")
    cluster.wait_for_workers(1)
    assert ask(f"{cluster.url}/cluster/health").headers["X-Locust-Cluster"] == "ours"


def test_worker_leaves_the_master_of_another_cluster(cluster: Cluster) -> None:
    cluster.start("master")
    cluster.wait_for_page()
    cluster.cluster_id = "theirs"
    stranger = cluster.start("worker")
    assert stranger.wait(timeout=30) == 2
    sentence = f"the master on 127.0.0.1:{cluster.master_port} {SENTENCE}"
    assert sentence in cluster.log("worker-1-1").splitlines()
    told = json.loads((cluster.folder / "worker-1" / "run" / "process-1.json").read_text())
    assert (told["state"], told["message"]) == ("failed", sentence)
    assert ask(f"{cluster.url}/cluster/health").json()["worker_count"] == 0


def test_worker_without_an_id_is_refused(cluster: Cluster) -> None:
    cluster.start("master")
    cluster.wait_for_page()
    cluster.cluster_id = ""
    cluster.start("worker")
    # Not at once: it asks again and again.
    assert "is a worker of another cluster" in cluster.wait_for_log("dropped 1 messages")


def test_worker_leaves_a_master_that_names_no_cluster(cluster: Cluster) -> None:
    cluster.cluster_id = ""
    cluster.start("master")
    cluster.wait_for_page()
    cluster.cluster_id = "ours"
    assert cluster.start("worker").wait(timeout=30) == 2
    assert SENTENCE in cluster.log("worker-1-1")


def test_page_refuses_who_means_another_cluster(cluster: Cluster) -> None:
    cluster.start("master")
    cluster.wait_for_page()
    reply = ask(f"{cluster.url}/stop", form={}, headers={"X-Locust-Cluster": "theirs"})
    assert (reply.status, reply.json()["error"]["code"]) == (421, "other_cluster")
    assert ask(f"{cluster.url}/cluster/nodes", headers={"X-Locust-Cluster": "ours"}).status == 200
