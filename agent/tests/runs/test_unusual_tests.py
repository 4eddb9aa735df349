"""Runs of tests that decide for themselves, or cannot work."""

import csv
import io
from collections.abc import Callable

from cluster import Cluster, wait_until
from runs_client import (
    BROKEN_USER,
    IDLE_USER,
    MANY_NAMES,
    QUITTER,
    RECOVERS_AT_ITS_END,
    SHAPE,
    UNBORN_USER,
    Runs,
)

from locust_cluster.plugin.statistics.many_names import MOST_NAMES, NAMES_BEYOND

Make = Callable[..., Cluster]


def begin(make_cluster: Make, locustfile: str) -> tuple[Cluster, Runs]:
    cluster = make_cluster(files={"locustfile.py": locustfile})
    cluster.start("master")
    cluster.start("worker")
    cluster.wait_for_page()
    return cluster, Runs(cluster)


def test_a_load_shape_ends_its_run_and_lost_workers_fail_it(make_cluster: Make) -> None:
    cluster, runs = begin(make_cluster, SHAPE)
    refused = runs.ask("POST", "/cluster/runs", {"user_count": 1}).json()["error"]["message"]
    assert refused == (
        "the test has a load shape, Hill, which decides about users and time: "
        "leave out 'user_count'"
    )
    document = runs.wait_for_end(runs.start())
    assert (document["state"], document["reason"]) == ("finished", "its load shape has ended")
    assert (document["shape"], document["request"]["user_count"]) == ("Hill", None)
    assert document["total"]["requests"] > 0

    run = runs.start()
    runs.wait(run, "running")
    cluster.processes[1].terminate()
    document = runs.wait_for_end(run)
    assert (document["state"], document["reason"]) == ("failed", "all worker processes were lost")


def test_a_test_whose_users_raise_fails_its_run(make_cluster: Make) -> None:
    _, runs = begin(make_cluster, BROKEN_USER)
    run = runs.start(user_count=1, thresholds=["p95 < 1s"])
    wait_until(lambda: runs.get(run)["exceptions"], 10, "the exception is there")
    runs.stop(run)
    document = runs.wait_for_end(run)
    assert (document["state"], document["passed"]) == ("failed", False)
    assert document["reason"].startswith("the test made no request; ")
    assert document["reason"].endswith("exceptions, the first: no such basket")
    assert document["verdicts"][0]["message"] == "nothing was measured"
    assert "no such basket" in runs.file(run, "exceptions.csv")


def test_users_that_cannot_be_created_are_exceptions_of_the_run(make_cluster: Make) -> None:
    _, runs = begin(make_cluster, UNBORN_USER)
    document = runs.wait_for_end(runs.start(user_count=1, run_time="4s"))
    assert (document["state"], document["passed"]) == ("failed", None)
    assert document["exceptions"] > 0
    assert document["reason"].endswith("exceptions, the first: no such basket")
    assert "OSError" in runs.file(document["id"], "exceptions.csv")


def test_a_run_without_a_request_does_not_pass_unless_it_is_asked_for(make_cluster: Make) -> None:
    _, runs = begin(make_cluster, IDLE_USER)
    document = runs.wait_for_end(runs.start(user_count=1, run_time="3s"))
    assert (document["state"], document["passed"]) == ("finished", False)
    assert [verdict["expression"] for verdict in document["verdicts"]] == ["requests > 0"]
    run = runs.start(user_count=1, run_time="3s", thresholds=["requests >= 0"])
    assert runs.wait_for_end(run)["passed"] is True


def test_a_test_ends_its_run_itself_and_the_cluster_goes_on(make_cluster: Make) -> None:
    cluster = make_cluster(files={"locustfile.py": QUITTER})
    cluster.start("master")
    for process in (1, 2):
        cluster.start("worker", process=process, processes=2)
    cluster.wait_for_page()
    runs = Runs(cluster)

    run = runs.start(user_count=1, run_time="1m", user_classes=["Quitter"])
    document = runs.wait_for_end(run)
    assert document["reason"].startswith("ended by the test after ")
    assert (document["state"], document["verdicts"]) == ("finished", [])

    allowed = {"user_count": 4, "spawn_rate": 4, "thresholds": ["fail_ratio < 90%"]}
    document = runs.wait_for_end(runs.start(run_time="1m", user_classes=["Shopper"], **allowed))
    assert document["reason"].startswith("ended by the test after ")
    # As in Locust, where a test that ends itself has exit code 1 after any failure.
    assert [verdict["passed"] for verdict in document["verdicts"]] == [True, False]

    document = runs.wait_for_end(runs.start(run_time="1m", user_classes=["Visitor"], **allowed))
    assert document["verdicts"][1]["message"] == "the test has set it to 3"

    run = runs.start(user_count=2, spawn_rate=2, run_time="4s", user_classes=["Raiser"])
    document = runs.wait_for_end(run)
    assert document["state"] == "failed"  # it made no request
    rows = list(csv.DictReader(io.StringIO(runs.file(run, "exceptions.csv"))))
    assert [row["Message"] for row in rows] == ["no such basket"]
    assert rows[0]["Nodes"].count("_") == 2
    assert 'File "locustfile.py", line ' in rows[0]["Traceback"]
    assert all(process.poll() is None for process in cluster.processes)


def test_a_run_that_a_threshold_has_ended_is_missed_whatever_follows(make_cluster: Make) -> None:
    _, runs = begin(make_cluster, RECOVERS_AT_ITS_END)
    half = {"expression": "fail_ratio < 50%", "abort": True, "grace": 0}
    run = runs.start(user_count=1, run_time="20s", user_classes=["Penitent"], thresholds=[half])
    document = runs.wait_for_end(run)
    assert document["total"]["fail_ratio"] < 0.5
    assert (document["state"], document["passed"]) == ("finished", False)
    assert document["reason"] == "aborted: fail_ratio < 50%: 100%, not below 50%"
    assert document["verdicts"][0]["message"] == "100%, not below 50%"


def test_a_test_of_many_names_has_one_row_for_those_beyond_the_most(make_cluster: Make) -> None:
    _, runs = begin(make_cluster, MANY_NAMES)
    run = runs.start(user_count=1, thresholds=["/item/2099 p95 < 1s", "rps > 0"])
    wait_until(lambda: runs.get(run)["total"], 30, "it is measured")
    runs.stop(run)
    document = runs.wait_for_end(run)
    names = [request["name"] for request in document["requests"]]
    assert len(names) == MOST_NAMES + 2
    assert {NAMES_BEYOND, "/item/2099"} <= set(names)
    assert sum(request["requests"] for request in document["requests"]) == 2_100
    assert document["total"]["requests"] == 2_100
    assert [verdict["passed"] for verdict in document["verdicts"]] == [True, True]
    for file in ("stats.csv", "report.html"):
        assert NAMES_BEYOND in runs.file(run, file)
