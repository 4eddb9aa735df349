"""Long tests and tests of many names: what Locust keeps of them on the master is bounded."""

import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import gevent
import pytest
from cluster import Cluster
from locust import stats as stats_module
from locust.env import Environment
from locust.stats import RequestStats, StatsEntry, StatsError
from ports import free_port

from locust_cluster.common.identity import identify
from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.settings import read_settings
from locust_cluster.plugin.runs_on_master import RunsOnMaster
from locust_cluster.plugin.statistics import long_tests
from locust_cluster.plugin.statistics.long_tests import forget_seconds, thin_history
from locust_cluster.plugin.statistics.many_names import (
    ERRORS_BEYOND,
    MOST_CACHED,
    MOST_ERRORS,
    MOST_NAMES,
    NAMES_BEYOND,
    bound_report,
)
from locust_cluster.runs.locust_statistics import samples


def entry(name: str, method: str = "GET") -> Any:
    """Of a worker's report: one request of 100 ms."""
    made = StatsEntry(RequestStats(False), name, method)
    made.log(100, 10)
    return made.serialize()


def error(text: str, seen: float) -> Any:
    fields = {"method": "GET", "name": "/item", "error": text, "occurrences": 1}
    return {**fields, "first_seen": seen, "last_seen": seen}


def report(stats: RequestStats, rows: list[Any], errors: list[Any] | None = None) -> None:
    """Add one up as the master does."""
    keyed: dict[str, Any] = {
        StatsError.create_key("GET", "/item", each["error"]): each for each in errors or []
    }
    data: dict[str, Any] = {"stats": rows, "errors": keyed}
    bound_report(data, stats, lambda method, name: f"{method} {name}" == "GET /judged")
    for row in data["stats"]:
        stats.entries[row["name"], row["method"]].extend(StatsEntry.unserialize(row, stats))
    for key, each in data["errors"].items():
        known = stats.errors.get(key)
        if known:
            known.occurrences += each["occurrences"]
        else:
            stats.errors[key] = StatsError.unserialize(each)


def test_names_beyond_the_most_count_in_one_row_that_says_so() -> None:
    stats = RequestStats()
    for part in range(3):
        report(stats, [entry(f"/{part}/{number}") for number in range(1_000)])
    report(stats, [entry("/0/0"), entry("/2/1"), entry("/new"), entry("/judged")])
    found = samples(stats)
    assert len(found) == MOST_NAMES + 2
    assert NAMES_BEYOND == "(all names beyond the first 2,000)"
    assert found["", NAMES_BEYOND].requests == 1_002
    assert found["", NAMES_BEYOND].histogram == {100: 1_002}
    assert found["GET", "/judged"].requests == 1
    assert found["GET", "/0/0"].requests == 2


def test_errors_beyond_the_most_count_in_one_row_that_says_so() -> None:
    stats = RequestStats()
    report(stats, [], [error(f"no item {number}", number) for number in range(MOST_ERRORS + 10)])
    report(stats, [], [error("no item 3", 9_000), error("no item 2005", 9_001)])
    assert len(stats.errors) == MOST_ERRORS + 1
    (beyond,) = [each for each in stats.errors.values() if each.error == ERRORS_BEYOND]
    assert (beyond.occurrences, beyond.first_seen) == (11, MOST_ERRORS)
    assert sum(each.occurrences for each in stats.errors.values()) == MOST_ERRORS + 12


def test_the_last_seconds_of_every_name_are_kept_for_some_names_only() -> None:
    stats = RequestStats()
    report(stats, [entry(f"/{number}") for number in range(MOST_CACHED + 1)])
    cached = [bool(each.response_times_cache) for each in stats.entries.values()]
    assert cached == [True] * MOST_CACHED + [False]


def test_seconds_that_no_rate_looks_at_are_forgotten() -> None:
    stats = RequestStats()
    now = int(time.time())
    for each in (stats.total, stats.entries["/item", "GET"]):
        each.start_time = now - 500
        each.last_request_timestamp = float(now)
        each.num_reqs_per_sec.update(dict.fromkeys(range(now - 500, now + 1), 7))
        each.num_fail_per_sec.update(dict.fromkeys(range(now - 500, now + 1), 1))
    forget_seconds(stats)
    for each in (stats.total, stats.entries["/item", "GET"]):
        assert sorted(each.num_reqs_per_sec) == list(range(now - 60, now + 1))
        assert (each.current_rps, each.current_fail_per_sec) == (7, 1)
        assert len(each.num_fail_per_sec) == 61


def test_a_history_is_thinned_evenly() -> None:
    """A day, looked at every minute as in `keep_bounded`."""
    history: list[dict[str, Any]] = []
    for row in range(17_280):
        moment = datetime.fromtimestamp(1e9 + 5.01 * row, UTC).isoformat()
        history.append({"time": moment, "user_count": [moment, row]})
        if row % 12 == 0:
            thin_history(history)
            assert len(history) <= long_tests.MOST_ROWS
    assert len(history) > long_tests.MOST_ROWS / 3
    rows = [each["user_count"][1] for each in history]
    assert (rows[0], rows[-1]) == (0, 17_279)
    # After the last thinning rows come as often as at the beginning.
    *gaps, _border = [gap for row, later in pairwise(rows) if (gap := later - row) > 1]
    assert set(gaps) == {16}


def test_a_master_keeps_within_these_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its start on, whoever starts a test."""
    settings = read_settings(Cluster(tmp_path).variables("master", "master", 1, 1))
    monkeypatch.setattr(stats_module, "bucket_response_time", stats_module.bucket_response_time)
    monkeypatch.setattr(long_tests, "EVERY_S", 0.01)
    monkeypatch.setattr(long_tests, "MOST_ROWS", 1)
    environment = Environment()
    runner = environment.create_master_runner("127.0.0.1", free_port())
    try:
        manifest = read_manifest(settings.release / "current.json")
        runs = RunsOnMaster(settings, identify(settings, manifest))
        runs.start(environment, Mock(), list, dict)
        moment = datetime.now(UTC).isoformat()
        runner.stats.history = [{"time": moment}, {"time": moment}]
        runner.stats.total.last_request_timestamp = time.time()
        gevent.sleep(0.1)
        assert runner.stats.history == [{"time": moment}]
    finally:
        runner.quit()
