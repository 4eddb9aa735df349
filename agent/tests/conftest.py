"""Fixtures: shared clusters with login, a maker of further ones, and a port for workers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import locust  # noqa: F401 (gevent must patch ssl before boto3 imports it)
import pytest
import zmq.green as zmq
from cluster import Cluster
from open_port import OpenPort
from runs_client import SHOP, Runs
from worker_messages import CLIENT

STARTS_LOCUST = {"guarded_cluster", "shop", "make_cluster"}
"""Fixtures with processes of Locust; a module with its own marks itself."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `npm test` leaves to `npm run test:locust`."""
    for item in items:
        if isinstance(item, pytest.Function) and STARTS_LOCUST & set(item.fixturenames):
            item.add_marker(pytest.mark.locust)


@pytest.fixture(scope="session")
def guarded_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A master with the generated login and one machine of two worker processes."""
    cluster = Cluster(tmp_path_factory.mktemp("guarded"), login="generated")
    try:
        cluster.start("master")
        for process in (1, 2):
            cluster.start("worker", process=process, processes=2)
        cluster.wait_for_page()
        cluster.wait_for_workers(2)
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster whose test makes requests without a target; its runs follow one another."""
    cluster = Cluster(
        tmp_path_factory.mktemp("shop"), files={"locustfile.py": SHOP}, login="generated"
    )
    try:
        cluster.start("master")
        for process in (1, 2):
            cluster.start("worker", process=process, processes=2)
        cluster.wait_for_page()
        cluster.wait_for_workers(2)
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def runs(shop: Cluster) -> Runs:
    return Runs(shop, "right-token")


@pytest.fixture
def make_cluster(tmp_path: Path) -> Iterator[Callable[..., Cluster]]:
    """Make clusters of this test; their processes end with it."""
    made: list[Cluster] = []

    def make(**options: object) -> Cluster:
        folder = tmp_path / f"cluster-{len(made)}"
        folder.mkdir()
        made.append(Cluster(folder, **options))  # type: ignore[arg-type]
        return made[-1]

    try:
        yield make
    finally:
        for cluster in made:
            cluster.stop()


@pytest.fixture
def port() -> Iterator[OpenPort]:
    made = OpenPort()
    yield made
    made.port.close()


@pytest.fixture
def dealer(port: OpenPort) -> Iterator[Any]:
    """As in Locust's workers."""
    made: Any = zmq.Context.instance().socket(zmq.DEALER)
    made.setsockopt(zmq.IDENTITY, CLIENT.encode())
    made.connect(f"tcp://127.0.0.1:{port.port.port}")
    yield made
    made.close(linger=0)
