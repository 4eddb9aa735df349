"""What a worker reports is such that the master takes it."""

import math
from decimal import Decimal
from typing import Any

import pytest
from locust.env import Environment
from locust.stats import RequestStats, StatsError
from worker_messages import frames

from locust_cluster.common.constants import CLASSES_KEY
from locust_cluster.common.sendable import LONGEST_ERROR, cut
from locust_cluster.plugin.incoming.messages import MOST_BYTES, read_message
from locust_cluster.plugin.statistics.many_names import (
    ERRORS_BEYOND,
    MOST_ERRORS,
    MOST_NAMES,
    NAMES_BEYOND,
)
from locust_cluster.plugin.statistics.sendable_report import LONGEST_NAME, make_sendable
from locust_cluster.runs.judged_names import OPTION, is_judged, tell_workers
from locust_cluster.runs.request import parse_request


def received(stats: RequestStats, *judged: str, classes: RequestStats | None = None) -> Any:
    """A report as Locust's worker makes it, sent, and checked by the master."""
    data = {
        "stats": stats.serialize_stats(),
        "stats_total": stats.total.get_stripped_report(),
        "errors": stats.serialize_errors(),
        "user_classes_count": {"Shopper": 1},
        "user_count": 1,
    }
    if classes:
        data[CLASSES_KEY] = classes.serialize_stats()
    make_sendable(data, lambda _, name: name in judged)
    sent = frames("stats", data)
    assert len(sent[1]) < MOST_BYTES
    return read_message(sent, ())[1].data


def log(stats: RequestStats, name: Any, time: Any = 10, error: Any = None) -> None:
    stats.log_request("GET", name, time, 100)
    if error is not None:
        stats.log_error("GET", name, error)


def names(data: Any) -> list[str]:
    return [row["name"] for row in data["stats"]]


def test_what_is_short_is_sent_as_it_is() -> None:
    stats = RequestStats()
    log(stats, "/größe", 10.5, "HTTPError('500')")
    before = [each.serialize() for each in stats.entries.values()], stats.serialize_errors()
    data = received(stats)
    assert (data["stats"], data["errors"]) == before


def test_a_long_name_is_cut_and_stays_apart_from_others_with_its_beginning() -> None:
    stats = RequestStats()
    for end in ("a", "b"):
        log(stats, "/" + "ü" * 20_000 + end, error="no")
    data = received(stats)
    assert len({*names(data)}) == 2
    for name in names(data):
        assert len(name.encode()) < LONGEST_NAME + 30
        assert name.startswith("/üü")
        assert "… (cut " in name
    assert {error["name"] for error in data["errors"].values()} == {*names(data)}


def test_a_name_that_a_threshold_is_about_is_not_cut() -> None:
    stats, name = RequestStats(), "/" + "x" * 2 * LONGEST_NAME
    log(stats, name)
    assert names(received(stats, name)) == [name]


def test_long_errors_are_cut_and_the_same_ones_counted_together() -> None:
    stats = RequestStats()
    for number in range(3):
        log(stats, "/", error="x" * (1 << 20) + f"end {number}")
    ((key, error),) = received(stats)["errors"].items()
    assert error["error"] == "x" * LONGEST_ERROR + "… (cut)"
    assert error["occurrences"] == 3
    assert key == StatsError.create_key("GET", "/", error["error"])


def test_surrogates_and_names_that_are_no_text_are_written_out() -> None:
    stats = RequestStats()
    log(stats, "s\udcff")
    log(stats, 5)
    log(stats, "/", error="e\udcff")
    data = received(stats)
    assert names(data) == ["s\\udcff", "5", "/"]
    assert [error["error"] for error in data["errors"].values()] == ["e\\udcff"]


@pytest.mark.parametrize("time", [math.nan, math.inf, -math.inf])
def test_a_response_time_that_is_no_number_spoils_no_sum(time: float) -> None:
    stats = RequestStats()
    log(stats, "/", 10)
    log(stats, "/", 30)
    with pytest.raises((ValueError, OverflowError)):
        log(stats, "/", time)  # Locust counts it in the total, and then fails to round it
    total = received(stats)["stats_total"]
    assert (total["num_requests"], total["num_none_requests"]) == (3, 1)
    assert total["total_response_time"] == 40
    assert (total["min_response_time"], total["max_response_time"]) == (10, 30)


def test_numbers_of_other_types_and_beyond_the_bounds_can_be_sent() -> None:
    decimal, stats, classes = RequestStats(), RequestStats(), RequestStats()
    log(decimal, "/", Decimal("10.2"))
    assert received(decimal)["stats_total"]["total_response_time"] == 10
    log(stats, "/far", 1e17)
    log(classes, "Shopper", 1e17)
    classes.log_request("", "Shopper", 10, math.nan)  # type: ignore[arg-type]
    data = received(stats, classes=classes)
    assert data["stats"][0]["response_times"] == {10**15: 1}
    assert data["stats_total"]["max_response_time"] == 10**15
    assert [row["total_content_length"] for row in data[CLASSES_KEY]] == [100, 0]


def test_a_report_of_many_long_names_and_errors_is_bounded_and_loses_no_request() -> None:
    stats = RequestStats()
    for number in range(MOST_NAMES + 500):
        log(stats, f"/{number}/" + "ü" * LONGEST_NAME, error=f"{number}" + "ü" * LONGEST_ERROR)
    log(stats, "/judged")
    data = received(stats, "/judged")
    assert len(data["stats"]) == MOST_NAMES + 2
    assert names(data)[-2:] == ["/judged", NAMES_BEYOND]
    assert sum(row["num_requests"] for row in data["stats"]) == MOST_NAMES + 501
    assert sum(row["num_failures"] for row in data["stats"]) == MOST_NAMES + 500
    assert len(data["errors"]) == MOST_ERRORS + 1
    beyond = [each for each in data["errors"].values() if each["error"] == ERRORS_BEYOND]
    assert [each["occurrences"] for each in beyond] == [500]


def test_a_text_is_cut_between_characters() -> None:
    assert cut("aü", 3) == "aü"
    assert cut("aüü", 4) == "aü… (cut)"
    assert cut(None, 3) == ""


def test_workers_know_the_requests_of_thresholds() -> None:
    environment = Environment()
    assert not is_judged(environment, "GET", "/a")
    environment.parsed_options = type("Options", (), {})()
    thresholds = ["/a p95 < 1s", "GET /b\udcff fail_ratio < 1%", "p95 < 1s", "class Buyer rps > 1"]
    request = parse_request({"user_count": 1, "thresholds": thresholds})
    tell_workers(environment, request)
    assert getattr(environment.parsed_options, OPTION) == ["/a", "GET /b\\udcff"]
    judged = [("POST", "/a"), ("GET", "/b\\udcff"), ("GET", "/c"), ("POST", "/b\\udcff")]
    assert [is_judged(environment, *each) for each in judged] == [True, True, False, False]
