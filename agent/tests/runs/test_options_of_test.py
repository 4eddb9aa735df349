"""Options that a test declares, tags and load that it is configured with, in a run."""

from collections.abc import Iterator
from typing import Any

import pytest
from cluster import Cluster, ask, wait_until
from runs_client import SHOP, Runs

pytestmark = pytest.mark.locust

TEST = (
    SHOP
    + """
from locust import events


@events.init_command_line_parser.add_listener
def declare(parser):
    parser.add_argument("--tenant", default="nobody")
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--password", is_secret=True, default="")


class Teller(Shopper):
    @task
    def tell(self):
        options = self.environment.parsed_options
        self.answer(f"{options.tenant} {options.pages} {options.password}", 1)
"""
)

CONF = "users = 2\nspawn-rate = 2\ntenant = of-the-file\nexclude-tags = buy\n"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    files = {"locustfile.py": TEST, "locust.conf": CONF}
    cluster = Cluster(tmp_path_factory.mktemp("options"), files=files)
    cluster.start("master")
    cluster.start("worker")
    cluster.wait_for_workers(1)
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def told(cluster: Cluster) -> Runs:
    return Runs(cluster)


def requests(runs: Runs, **request: Any) -> tuple[dict[str, Any], set[str]]:
    """The run as it began, and the names of its first requests."""
    run = runs.start(user_classes=["Teller"], **request)
    wait_until(lambda: len(runs.get(run)["requests"]) > 1, 30, "the run has made requests")
    document = runs.get(run)
    runs.stop(run)
    return document, {row["name"] for row in runs.wait_for_end(run)["requests"]}


def test_each_run_has_its_own_values_and_the_tests_for_the_rest(told: Runs) -> None:
    document, names = requests(told, args=["--tenant", "acme", "--pag=7", "--password", "hush"])
    assert "acme 7 hush" in names
    # Kept with the run, and read by everyone who sees it.
    assert document["request"]["args"] == ["--tenant", "acme", "--pag=7", "--password", "…"]
    assert "of-the-file 3 " in requests(told)[1]


def test_a_test_started_in_the_page_has_none_of_the_run_before(
    cluster: Cluster, told: Runs
) -> None:
    requests(told, args=["--tenant", "acme", "--password", "hush"], exclude_tags=["read"])
    form = {"user_count": "2", "spawn_rate": "2", "host": "http://a.example"}
    assert ask(f"{cluster.url}/swarm", form).status == 200
    wait_until(lambda: told.ask("GET", "/cluster/runs").json()["active"], 5, "it is a run")
    run = told.ask("GET", "/cluster/runs").json()["active"]
    wait_until(lambda: len(told.get(run)["requests"]) > 1, 30, "the run has made requests")
    assert ask(f"{cluster.url}/stop", {}).status == 200
    document = told.wait_for_end(run)
    assert {row["name"] for row in document["requests"]} == {"/item", "of-the-file 3 "}
    assert document["request"]["exclude_tags"] == ["buy"]


def test_locust_conf_gives_users_and_tags(told: Runs) -> None:
    document, names = requests(told)
    assert (document["request"]["user_count"], document["request"]["spawn_rate"]) == (2, 2)
    assert "/checkout" not in names
    assert "/item" not in requests(told, user_count=1, exclude_tags=["read"])[1]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--tenat=x"], "unknown option --tenat: did you mean --tenant?"),
        (["--x"], "unknown option --x: the test declares --pages, --password, --tenant"),
        (["--" + "x" * 500_000], "unknown option --" + "x" * 117 + "…: the test declares"),
        (
            ["--headless"],
            "--headless is an option of Locust and not of the test: "
            "the test declares --pages, --password, --tenant",
        ),
        (["--pages", "many"], "argument --pages: invalid int value: 'many'"),
        (
            ["--p=1"],
            "--p is ambiguous: --pages, --password, --print-stats, --processes, --profile; ",
        ),
        (["Shopper"], "only options that the test declares may be given, got 'Shopper'"),
    ],
)
def test_names_what_the_test_does_not_declare(told: Runs, args: list[str], sentence: str) -> None:
    reply = told.ask("POST", "/cluster/runs", {"user_count": 1, "args": args})
    error = reply.json()["error"]
    assert (reply.status, error["field"]) == (400, "args")
    assert error["message"].startswith(f"options of the test: {sentence}")


def test_says_what_load_the_test_is_configured_with(told: Runs) -> None:
    load = told.ask("GET", "/cluster/nodes").json()["load"]
    assert load == {
        **{"shape": None, "takes_options": True},
        **{"user_count": 2, "spawn_rate": 2, "run_time": None},
    }


COMMON = (
    SHOP
    + """
from locust import LoadTestShape


class Plateau(LoadTestShape):
    use_common_options = True

    def tick(self):
        options = self.runner.environment.parsed_options
        return options.num_users, options.spawn_rate
"""
)


def test_shape_with_common_options_takes_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    cluster = Cluster(tmp_path_factory.mktemp("shape"), files={"locustfile.py": COMMON})
    try:
        cluster.start("master")
        cluster.start("worker")
        cluster.wait_for_workers(1)
        runs = Runs(cluster)
        run = runs.start(user_count=3, spawn_rate=3, run_time="8s")
        document = runs.wait_for_end(run)
        assert (document["state"], document["reason"]) == ("finished", "its run time is over")
        timeline = runs.ask("GET", f"/cluster/runs/{run}/timeline").json()["rows"]
        assert max(row["users"] for row in timeline) == 3
        load = ask(f"{cluster.url}/cluster/nodes").json()["load"]
        assert (load["shape"], load["takes_options"]) == ("Plateau", True)
    finally:
        cluster.stop()
