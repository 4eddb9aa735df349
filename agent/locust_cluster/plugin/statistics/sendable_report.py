"""Makes a worker's report one that the master takes (incoming/report.py). Pure.

Locust has emptied its statistics by then: what the master drops is lost. All bounds together keep a
report below 16 MiB (MOST_BYTES of incoming/messages.py). Nothing is done per request.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from locust.stats import StatsError

from locust_cluster.common.constants import CLASSES_KEY
from locust_cluster.common.sendable import LONGEST_ERROR, cut
from locust_cluster.plugin.incoming.checks import MOST
from locust_cluster.plugin.statistics.many_names import add_error, bound_errors, bound_rows

LONGEST_NAME = 1_000
"""Bytes of a request's name in UTF-8."""

LONGEST_JUDGED_NAME = 9_000
"""Bytes, of one that a threshold is about."""

LONGEST_METHOD = 100
"""Bytes."""

_NUMBER = (int, float)
_TIMES = ("total_response_time", "min_response_time", "max_response_time")


def make_sendable(data: dict[str, Any], is_judged: Callable[[str, str], bool]) -> None:
    """Change a report before it is sent.

    `is_judged` tells by method and name what a threshold is about: that keeps its name and row.
    """
    for row in data["stats"]:
        _cut_names(row, is_judged)
    for row in (data["stats_total"], *data["stats"], *data.get(CLASSES_KEY, ())):
        _mend_numbers(row)
    data["stats"] = bound_rows(data["stats"], is_judged)
    data["errors"] = bound_errors(_cut_errors(data["errors"], is_judged), {})


def _cut_names(row: dict[str, Any], is_judged: Callable[[str, str], bool]) -> None:
    method = row["method"] = cut(row["method"], LONGEST_METHOD, marked=True)
    name = cut(row["name"], LONGEST_JUDGED_NAME, marked=True)
    if len(name) > LONGEST_NAME or not name.isascii():
        longest = LONGEST_JUDGED_NAME if is_judged(method, name) else LONGEST_NAME
        name = cut(row["name"], longest, marked=True)
    row["name"] = name


def _cut_errors(
    errors: dict[str, Any], is_judged: Callable[[str, str], bool]
) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = {}
    for key, error in errors.items():
        before = (error["method"], error["name"], error["error"])
        _cut_names(error, is_judged)
        error["error"] = cut(error["error"], LONGEST_ERROR)
        after = (error["method"], error["name"], error["error"])
        # Under one key the master adds up what has become the same.
        key = key if after == before else StatsError.create_key(*after)
        if key in kept:
            add_error(kept[key], error)
        else:
            kept[key] = error
    return kept


def _mend_numbers(row: dict[str, Any]) -> None:
    """Locust adds up what a test calls a response time: `nan` spoils the sum of all requests."""
    if not _is_sendable(row["total_content_length"]):
        row["total_content_length"] = 0
    if all(row[name] is None or _is_sendable(row[name]) for name in _TIMES):
        return
    times: Counter[float] = Counter()
    for time, count in row["response_times"].items():
        times[min(max(time, -MOST), MOST)] += count
    row["response_times"] = dict(times)
    row["total_response_time"] = min(sum(time * times[time] for time in times), MOST)
    row["min_response_time"] = min(times, default=None)
    row["max_response_time"] = max(times, default=0)
    # What is no number is in no step either: a request without a response time.
    row["num_none_requests"] = row["num_requests"] - times.total()


def _is_sendable(value: object) -> bool:
    return isinstance(value, _NUMBER) and -MOST <= value <= MOST
