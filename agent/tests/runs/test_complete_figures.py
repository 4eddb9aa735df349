"""A run passes on complete figures only, whatever the test puts into them."""

from collections.abc import Callable

import pytest
from cluster import Cluster
from runs_client import SHOP, Runs

Make = Callable[..., Cluster]

LONG_ERROR = (
    SHOP
    + """

class Late(User):
    wait_time = constant(0.02)
    answer = Shopper.answer
    made = 0

    @task
    def buy(self):
        self.made += 1
        if self.made % 10 == 0:
            self.answer("/s\\udcff", 10)
            self.answer("/item", 10, RuntimeError("x" * (2 << 20)))
            return
        self.answer("/item", 10)
"""
)

SPOILT = (
    SHOP
    + """
from locust import events
from locust.runners import WorkerRunner


@events.test_start.add_listener
def begin(environment, **_):
    def spoil(data, **_):
        if data["stats"] and not begin.spoilt:
            begin.spoilt = True
            data["stats"][0]["num_requests"] = -1

    if isinstance(environment.runner, WorkerRunner):
        begin.spoilt = False
        events.report_to_master.add_listener(spoil)
"""
)


TOO_LONG = SPOILT.replace(
    'data["stats"][0]["num_requests"] = -1', 'data["more"] = "x" * (17 << 20)'
)

LOST = (
    SHOP
    + """
from locust import events
from locust.runners import WorkerRunner


@events.test_start.add_listener
def begin(environment, **_):
    runner = environment.runner
    if not isinstance(runner, WorkerRunner):
        return
    send = runner.client.send
    begin.lost = False

    def lose_one(message):
        # As a connection that breaks.
        if message.type == "stats" and message.data["stats"] and not begin.lost:
            begin.lost = True
        else:
            send(message)

    runner.client.send = lose_one
"""
)

LAST_LOST = (
    LOST.replace("begin.lost = False", "begin.lost = True")
    + """

@events.test_stop.add_listener
def end(environment, **_):
    Shopper.answer(SimpleNamespace(environment=environment), "/last", 10)
    begin.lost = False
"""
).replace("import time", "import time\nfrom types import SimpleNamespace", 1)


def begun(make_cluster: Make, locustfile: str) -> Runs:
    cluster = make_cluster(files={"locustfile.py": locustfile})
    cluster.start("master")
    cluster.start("worker")
    cluster.wait_for_page()
    return Runs(cluster)


def test_failures_with_long_texts_count(make_cluster: Make) -> None:
    runs = begun(make_cluster, LONG_ERROR)
    run = runs.start(
        user_count=1, run_time="5s", user_classes=["Late"], thresholds=["fail_ratio < 1%"]
    )
    document = runs.wait_for_end(run)
    (verdict,) = document["verdicts"]
    assert (verdict["expression"], verdict["passed"]) == ("fail_ratio < 1%", False)
    assert (document["state"], document["passed"]) == ("finished", False)
    rows = {row["name"]: row for row in document["requests"]}
    assert set(rows) == {"/item", "/s\\udcff"}
    assert rows["/item"]["failures"] == rows["/s\\udcff"]["requests"] > 0
    assert rows["/item"]["requests"] >= 10 * rows["/item"]["failures"]
    assert document["dropped_reports"] == {"count": 0, "last": None}
    assert "… (cut)" in runs.file(run, "failures.csv")


@pytest.mark.parametrize(
    ("locustfile", "reason"),
    [
        (SPOILT, "num_requests must be a whole number"),
        (TOO_LONG, "a message has one part of up to 16777216 bytes, got 178"),
        (LOST, "1 reports of "),
        (LAST_LOST, "1 reports of "),
    ],
)
def test_a_run_of_which_a_report_was_dropped_is_missed(
    make_cluster: Make, locustfile: str, reason: str
) -> None:
    runs = begun(make_cluster, locustfile)
    run = runs.start(user_count=1, run_time="6s", thresholds=["fail_ratio < 90%"])
    document = runs.wait_for_end(run)
    assert document["dropped_reports"]["count"] == 1
    assert document["dropped_reports"]["last"].startswith(reason)
    assert [verdict["passed"] for verdict in document["verdicts"]] == [True, False]
    assert document["verdicts"][1]["message"].endswith("; the figures are not complete")
    assert (document["state"], document["passed"]) == ("finished", False)
