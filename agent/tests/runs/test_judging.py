"""What has ended a run stays, and a run that did not come to its end does not pass."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from locust.env import Environment
from locust.runners import MasterRunner
from locust.stats import RequestStats
from run_states import bring, make_run

from locust_cluster.common.constants import RunState
from locust_cluster.runs.class_stats import ClassStats
from locust_cluster.runs.judging import Judge
from locust_cluster.runs.lifecycle import Event
from locust_cluster.runs.request import parse_request
from locust_cluster.runs.run import Run
from locust_cluster.runs.verdicts import Verdict

EVENTS: dict[RunState, Event] = {
    "finished": "run_time_over",
    "cancelled": "stopped_early",
    "failed": "workers_lost",
    "interrupted": "master_stopped",
}

HALF = {"expression": "fail_ratio < 50%", "abort": True, "grace": "10s"}


def begun(*thresholds: Any) -> tuple[Run, Judge, RequestStats]:
    request = parse_request({"user_count": 1, "run_time": 20, "thresholds": list(thresholds)})
    run = make_run(request)
    bring(run, "running", 100)
    run.times.started = run.times.measured_from = 100
    stats = RequestStats()
    runner = cast(
        MasterRunner, SimpleNamespace(stats=stats, exceptions={}, environment=Environment())
    )
    return run, Judge(run, runner, ClassStats(Environment())), stats


def answer(stats: RequestStats, good: int = 0, bad: int = 0) -> None:
    for number in range(good + bad):
        stats.log_request("GET", "/", 10, 100)
        if number < bad:
            stats.log_error("GET", "/", "no")


def test_a_threshold_that_ends_the_run_stays_missed() -> None:
    _, judge, stats = begun("p95 < 1s", HALF)
    answer(stats, good=4, bad=6)
    assert judge.missed_for_good(109) is None  # in its grace time
    missed = judge.missed_for_good(110)
    assert missed is not None
    assert (missed.expression, missed.message) == ("fail_ratio < 50%", "60%, not below 50%")
    answer(stats, good=90)  # while the users stop
    assert [verdict.passed for verdict in judge.verdicts(112)] == [True, False]
    assert judge.verdicts(112)[1] == missed


def test_a_threshold_that_has_not_ended_the_run_is_judged_anew() -> None:
    _, judge, stats = begun(HALF)
    answer(stats, bad=6)
    assert [verdict.passed for verdict in judge.verdicts(105)] == [False]
    answer(stats, good=90)
    assert judge.missed_for_good(112) is None
    assert [verdict.passed for verdict in judge.verdicts(112)] == [True]


def test_a_run_whose_reports_were_dropped_is_missed() -> None:
    run, judge, stats = begun("fail_ratio < 1%")
    answer(stats, good=10)
    run.figures.drop_report("name must be a text, got 5")
    environment = judge._runner.environment
    for environment.process_exit_code in (None, 0):  # which excuses nothing here
        (verdict,) = judge.broken_rules(120, by_test=False)
        assert (verdict.expression, verdict.passed) == ("dropped_reports = 0", False)
        assert verdict.message == (
            "1 report of workers was dropped: name must be a text, got 5; "
            "the figures are not complete"
        )
    run.figures.drop_report("it cannot be unpacked: ValueError")
    assert judge.broken_rules(120, by_test=False)[0].message.startswith("2 reports of workers were")
    assert run.to_document(120)["dropped_reports"] == {
        "count": 2,
        "last": "it cannot be unpacked: ValueError",
    }


@pytest.mark.parametrize(
    ("state", "met", "passed"),
    [
        ("finished", True, True),
        ("finished", False, False),
        ("cancelled", True, None),
        ("failed", True, None),
        ("interrupted", True, None),
        ("cancelled", False, False),
    ],
)
def test_only_a_run_that_came_to_its_end_passes(
    state: RunState, met: bool, passed: bool | None
) -> None:
    run, _, _ = begun("p95 < 1s")
    run.verdicts = [Verdict("p95 < 1s", met, 10, 1000, "ms", 1, "as measured")]
    assert run.passed is not True
    run.apply(EVENTS[state], 120)
    assert run.to_document(120)["passed"] is passed


def test_a_run_that_is_cut_short_does_not_wait_for_a_verdict() -> None:
    run, _, _ = begun("p95 < 1s")
    assert [each.message for each in run.verdicts] == ["not judged yet"]
    run.apply("master_died", 105)
    assert [each.message for each in run.verdicts] == ["not judged: the run ended before its time"]
