"""Runs on a real master with real workers."""

import csv
import io
import time
from typing import Any

import pytest
from cluster import Cluster, ask, wait_until
from runs_client import Runs

from locust_cluster.common.process_status import is_testing


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_run_from_its_request_to_its_archive(runs: Runs) -> None:
    run = runs.start(
        name="Check out",
        user_count=4,
        spawn_rate=4,
        run_time="6s",
        warm_up="2s",
        tags=["read"],
        thresholds=["p95 < 297ms", "GET /item rps > 5", "max < 296ms"],
        labels={"commit": "4f2c1e"},
    )
    second = runs.ask("POST", "/cluster/runs", {"user_count": 1})
    assert (second.status, second.json()["error"]["run"]) == (409, run)
    assert run in second.json()["error"]["message"]

    document = runs.wait(run, "running")
    assert (document["progress"]["phase"], document["measured_from"]) == ("warm_up", None)
    assert runs.ask("GET", "/cluster/runs").json()["active"] == run
    document = runs.wait_for_end(run)
    assert (document["state"], document["reason"]) == ("finished", "its run time is over")
    assert [state["state"] for state in document["states"]] == [
        *("waiting", "starting", "running", "stopping", "finished"),
    ]
    assert document["progress"]["elapsed_s"] == 6
    assert (document["workers"], document["labels"]) == (
        *({"connected": 2, "expected": 2}, {"commit": "4f2c1e"}),
    )
    assert [verdict["passed"] for verdict in document["verdicts"]] == [True, True, False]
    assert document["passed"] is False
    assert document["verdicts"][0]["resolution_ms"] == 1

    # 4 users with a pause of 50 ms make at most 80 requests a second, fewer on a busy machine.
    (item,) = document["requests"]
    assert (item["name"], item["p50_ms"], item["p99_9_ms"]) == ("/item", 296, 296)
    (warm, *_), (measured, *_) = (
        rows(runs.file(run, name)) for name in ("warm_up_stats.csv", "stats.csv")
    )
    assert 0 < int(warm["Request Count"]) <= 2.6 * 80
    assert 0 < int(measured["Request Count"]) <= 4 * 80
    assert int(measured["Request Count"]) == document["total"]["requests"]

    timeline = runs.ask("GET", f"/cluster/runs/{run}/timeline").json()
    assert timeline["complete"]
    assert [row["phase"] for row in timeline["rows"]][::3] == ["warm_up", "measuring"]
    counted = int(warm["Request Count"]) + int(measured["Request Count"])
    # What was made while the workers answered at the end of the warm-up counts in neither.
    assert counted <= timeline["rows"][-1]["requests"] <= counted + 60
    first = timeline["rows"][0]["time"]
    later = runs.ask("GET", f"/cluster/runs/{run}/timeline?since={first}").json()["rows"]
    assert later == timeline["rows"][1:]

    names = [file["name"] for file in runs.ask("GET", f"/cluster/runs/{run}/files").json()["files"]]
    assert set(names) >= {
        *("run.json", "stats.csv", "stats_history.csv", "failures.csv", "exceptions.csv"),
        *("timeline.csv", "report.html", "master.log"),
    }
    assert "/item" in runs.file(run, "report.html")
    assert "Sending spawn jobs of 4 users" in runs.file(run, "master.log")
    assert rows(runs.file(run, "stats_history.csv"))[-1]["Name"] == "Aggregated"


def test_a_run_does_not_inherit_from_the_one_before(runs: Runs) -> None:
    """The one before had only tasks with the tag `read`; and a missed threshold ends a run."""
    run = runs.start(
        user_count=2,
        spawn_rate=2,
        user_classes=["Visitor"],
        thresholds=[{"expression": "GET /checkout p95 < 1s", "abort": True, "grace": 0}],
    )
    document = runs.wait_for_end(run)
    assert document["state"] == "finished"
    assert document["reason"] == ("aborted: GET /checkout p95 < 1s: 1,050 ms, not below 1,000 ms")
    assert document["passed"] is False
    assert {request["name"] for request in document["requests"]} == {"/item", "/checkout"}
    assert rows(runs.file(run, "failures.csv"))[0]["Error"] == "RuntimeError('sold out')"


def test_what_the_page_starts_and_stops_is_a_run(shop: Cluster, runs: Runs) -> None:
    def page(path: str, **form: str) -> None:
        headers = {"Authorization": "Bearer right-token"}
        assert ask(shop.url + path, form, headers).status == 200

    page("/swarm", user_count="2", spawn_rate="2", host="http://a.example")
    wait_until(lambda: runs.ask("GET", "/cluster/runs").json()["active"], 5, "it is a run")
    run = runs.ask("GET", "/cluster/runs").json()["active"]
    refused = runs.ask("POST", "/cluster/runs", {"user_count": 1}).json()["error"]
    assert (refused["code"], refused["run"]) == ("run_active", run)
    wait_until(lambda: runs.get(run)["total"], 5, "it is measured")
    page("/stats/reset")
    page("/stop")
    document = runs.wait_for_end(run)
    assert (document["source"], document["state"]) == ("page", "finished")
    assert document["reason"].startswith("stopped in Locust's page after ")
    assert document["measured_from"] > document["started"]
    assert (document["request"]["user_count"], document["request"]["host"]) == (
        *(2, "http://a.example"),
    )
    assert document["total"]["requests"] > 0
    assert [node["name"] for node in document["nodes"]] == ["master", "worker-1"]


def test_waits_for_workers_and_says_what_is_missing(runs: Runs) -> None:
    run = runs.start(user_count=1, expect_workers=3, wait_timeout=0)
    document = runs.wait_for_end(run)
    assert (document["state"], document["reason"]) == (
        *("failed", "not ready after 0s: 2 of 3 worker processes are connected"),
    )
    run = runs.start(user_count=1, expect_workers=3)
    wait_until(lambda: runs.get(run)["reason"], 5, "it says what it waits for")
    assert runs.get(run)["reason"] == "2 of 3 worker processes are connected"
    runs.stop(run)
    document = runs.wait_for_end(run)
    assert (document["state"], document["started"]) == ("cancelled", None)
    runs.stop(run)
    assert runs.get(run) == document


def test_a_run_that_is_stopped_early_keeps_what_it_measured(shop: Cluster, runs: Runs) -> None:
    def testing() -> list[bool]:
        """As the agent service sees it, which restarts nothing meanwhile."""
        nodes = [shop.folder / node / "run" for node in ("master", "worker-1")]
        return [is_testing(folder, time.monotonic()) for folder in nodes]

    wait_until(lambda: testing() == [False, False], 5, "no test is on")
    run = runs.start(user_count=2, spawn_rate=2, run_time="5m", thresholds=["max < 2s"])
    wait_until(lambda: (runs.get(run)["now"] or {}).get("users"), 5, "it has users")
    assert testing() == [True, True]
    runs.stop(run)
    document = runs.wait_for_end(run)
    wait_until(lambda: testing() == [False, False], 5, "no test is on")
    assert document["state"] == "cancelled"
    assert document["reason"].endswith("of 5m")
    assert document["total"]["requests"] > 0
    assert "report.html" in str(runs.ask("GET", f"/cluster/runs/{run}/files").json())


def test_judges_each_user_class_and_no_failure_goes_unjudged(runs: Runs) -> None:
    run = runs.start(
        user_count=4,
        spawn_rate=4,
        run_time="5s",
        warm_up="2s",
        thresholds=["class Shopper failures <= 9999", "class Visitor rps > 5"],
    )
    document = runs.wait_for_end(run)
    shopper, visitor, rule = document["verdicts"]
    assert (shopper["passed"], visitor["passed"], document["passed"]) == (True, True, False)
    assert visitor["actual"] * 2 == pytest.approx(document["total"]["rps"], rel=0.2)
    assert shopper["actual"] + rule["actual"] == document["total"]["failures"]
    assert rule["expression"] == "failures <= 0"


def test_a_run_that_is_stopped_during_its_warm_up_has_not_come_to_its_end(runs: Runs) -> None:
    run = runs.start(user_count=1, warm_up="1m", thresholds=["max < 2s"])
    runs.wait_until_measured(run)
    runs.stop(run)
    document = runs.wait_for_end(run)
    assert (document["state"], document["passed"]) == ("cancelled", None)
    assert document["reason"].endswith(", during its warm-up: nothing was judged")


def test_says_what_the_test_does_not_have(runs: Runs) -> None:
    def message(**request: Any) -> str:
        reply = runs.ask("POST", "/cluster/runs", request)
        assert (reply.status, reply.json()["error"]["code"]) == (400, "invalid_request")
        text: str = reply.json()["error"]["message"]
        return text

    assert message() == "'user_count' is missing: how many users?"
    assert message(user_count=1, user_classes=["Shoper"]) == (
        "the test has no user class 'Shoper': did you mean Shopper?"
    )
    assert message(user_count=1, thresholds=["class Shoper p95 < 1s"]) == (
        "the test has no user class 'Shoper': did you mean Shopper?"
    )
    cut = f"the test has no user class '{'x' * 119}…'; its user classes: "
    assert message(user_count=1, user_classes=["x" * 50_000]).startswith(cut)
    assert message(user_count=1, tags=["x"]) == "the test has no tag 'x'; its tags: buy, read"
    for field in ("tags", "exclude_tags"):
        assert message(user_count=1, **{field: ["read", "Shopper"]}) == (
            "'Shopper' is a user class, not a tag"
        )
