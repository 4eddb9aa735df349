"""A run without a host goes where the test itself says, wherever it says so."""

from collections.abc import Callable
from typing import Any

import pytest
from cluster import Cluster, ask, wait_until
from runs_client import Runs

SILENT = """
from locust import {base}, task

class Visitor({base}):
    {body}

    @task
    def rest(self):
        self.environment.events.request.fire(request_type="GET", name=self.host or "nowhere",
            response_time=1, response_length=0, exception=None, context={{}})
        import gevent
        gevent.sleep(0.1)
"""

PLAIN = SILENT.format(base="HttpUser", body="")

TESTS: dict[str, dict[str, str]] = {
    "an imported base class": {
        "shop.py": "from locust import HttpUser\n\nclass Shop(HttpUser):\n    abstract = True\n"
        "    host = 'http://mine'\n",
        "locustfile.py": "from shop import Shop\n"
        + SILENT.format(base="Shop", body="").replace(
            "from locust import Shop, task", "from locust import task"
        ),
    },
    "an assignment to HttpUser": {
        "locustfile.py": PLAIN + "\nHttpUser.host = 'http://mine'\n",
    },
    "a listener of init, for the class": {
        "locustfile.py": PLAIN + "\nfrom locust import events\n\n@events.init.add_listener\n"
        "def set_host(environment, **_):\n    HttpUser.host = 'http://mine'\n",
    },
    "a listener of init, for the environment": {
        "locustfile.py": PLAIN + "\nfrom locust import events\n\n@events.init.add_listener\n"
        "def set_host(environment, **_):\n    environment.host = 'http://mine'\n",
    },
    "locust.conf": {"locustfile.py": PLAIN, "locust.conf": "host = http://mine\n"},
}


@pytest.mark.parametrize("files", TESTS.values(), ids=TESTS.keys())
def test_host_of_the_test_wins(make_cluster: Callable[..., Cluster], files: dict[str, str]) -> None:
    cluster = make_cluster(files=files, environ={"CLUSTER_SAMPLE_TARGET": "http://sample"})
    cluster.start("master")
    cluster.start("worker")
    cluster.wait_for_workers(1)
    assert _target(cluster) == {"hosts": ["http://mine"], "missing": False}
    runs = Runs(cluster)
    # A run with a host of its own leaves none behind for the next.
    assert _requests(runs, host="http://other") == ["http://other"]
    assert _requests(runs) == ["http://mine"]


def test_host_without_a_scheme_is_refused_to_http_users_only(
    make_cluster: Callable[..., Cluster],
) -> None:
    plain = SILENT.format(base="User", body="").replace("Visitor", "Caller")
    cluster = make_cluster(files={"locustfile.py": PLAIN + plain})
    cluster.start("master")
    cluster.start("worker")
    cluster.wait_for_workers(1)
    runs = Runs(cluster)
    asked = {"user_count": 1, "host": "localhost:50051"}
    reply = runs.ask("POST", "/cluster/runs", asked)
    assert (reply.status, reply.json()["error"]["message"]) == (
        400,
        "'host' must begin with http:// or https:// for Visitor, which makes HTTP requests, got "
        "'localhost:50051': write http://localhost:50051",
    )
    for host in ("localhost:50051", "mongodb://db.example:27017"):
        assert _requests(runs, host=host, user_classes=["Caller"]) == [host]


@pytest.mark.parametrize(
    ("test", "environ", "whose"),
    [
        (
            PLAIN,
            {"LOCUST_HOST": "localhost:8000"},
            "the cluster's host ('locust.host' in cluster.yaml, --host of a local cluster)",
        ),
        (PLAIN + "    host = 'localhost:8000'\n", {}, "the host of Visitor in the test"),
    ],
)
def test_host_without_a_scheme_is_told_with_the_place_that_named_it(
    make_cluster: Callable[..., Cluster], test: str, environ: dict[str, str], whose: str
) -> None:
    cluster = make_cluster(files={"locustfile.py": test}, environ=environ)
    cluster.start("master")
    cluster.wait_for_page()
    reply = Runs(cluster).ask("POST", "/cluster/runs", {"user_count": 1})
    assert reply.json()["error"]["message"] == (
        f"{whose} must begin with http:// or https:// for Visitor, which makes HTTP requests, got "
        "'localhost:8000': write http://localhost:8000 there, or give this run a 'host'"
    )


def test_test_without_http_needs_no_host(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster()
    cluster.start("master")
    cluster.wait_for_page()
    assert _target(cluster) == {"hosts": [], "missing": False}


def test_missing_host_is_known_before_a_run(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster(files={"locustfile.py": PLAIN})
    cluster.start("master")
    cluster.wait_for_page()
    assert _target(cluster) == {"hosts": [], "missing": True}


def _target(cluster: Cluster) -> Any:
    return ask(f"{cluster.url}/cluster/nodes").json()["target"]


def _requests(runs: Runs, **request: Any) -> list[str]:
    """The names of a run's requests; it is stopped when there are some."""
    run = runs.start(user_count=1, **request)
    wait_until(lambda: runs.get(run)["requests"], 30, "the run has made a request")
    runs.stop(run)
    return [row["name"] for row in runs.wait_for_end(run)["requests"]]
