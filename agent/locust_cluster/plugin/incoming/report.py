"""The report that a worker sends every 3 s: what Locust's own master reads of it. Pure.

Fields as in Locust 2.47.0: `StatsEntryDict` and `StatsErrorDict` of locust/stats.py. What a test
adds to its reports is its own affair.
"""

from typing import Any

from locust_cluster.common.constants import CLASSES_KEY, NUMBER_KEY, REPORT_KEY
from locust_cluster.plugin.incoming import checks
from locust_cluster.plugin.incoming.identity import check_identity

_COUNTS = ("num_requests", "num_none_requests", "num_failures")
_NUMBERS = ("start_time", "total_response_time", "max_response_time", "total_content_length")
_MAYBE_NUMBERS = ("last_request_timestamp", "min_response_time")
_TABLES = ("response_times", "num_reqs_per_sec", "num_fail_per_sec")


def check_report(data: object) -> None:
    """Raises BadMessageError."""
    report = checks.table(data, "a report")
    for entry in checks.rows(checks.field(report, "stats", "a report"), "stats"):
        _check_entry(entry)
    _check_entry(checks.field(report, "stats_total", "a report"))
    errors = checks.table(checks.field(report, "errors", "a report"), "errors")
    for key, error in errors.items():
        checks.text(key, "a key of errors", checks.LONGEST_TEXT)
        _check_error(error)
    check_users(report, "a report")
    for entry in checks.rows(report.get(CLASSES_KEY, []), CLASSES_KEY):
        _check_entry(entry)
    if NUMBER_KEY in report:
        checks.count(report[NUMBER_KEY], NUMBER_KEY)
    if REPORT_KEY in report:
        check_identity(report[REPORT_KEY])


def check_users(data: object, what: str = "spawning_complete") -> None:
    """Raises BadMessageError when the counts of users are none."""
    document = checks.table(data, what)
    field = "user_classes_count"
    checks.counts_by_name(checks.field(document, field, what), field)
    checks.count(checks.field(document, "user_count", what), "user_count")


def _check_entry(value: object) -> None:
    entry = checks.table(value, "an entry of stats")
    try:
        checks.text(entry["name"], "name")
        checks.text(entry["method"], "method")
        for name in _COUNTS:
            checks.count(entry[name], name)
        for name in _NUMBERS:
            checks.number(entry[name], name)
        for name in _MAYBE_NUMBERS:
            checks.maybe_number(entry[name], name)
        for name in _TABLES:
            checks.counts(entry[name], name)
    except KeyError as error:
        raise checks.BadMessageError(f"an entry of stats has no {error}") from None


def _check_error(value: object) -> None:
    error: dict[Any, Any] = checks.table(value, "an entry of errors")
    for name in ("method", "name"):
        checks.text(checks.field(error, name, "an error"), name)
    checks.text(checks.field(error, "error", "an error"), "error", checks.LONGEST_TEXT)
    checks.count(checks.field(error, "occurrences", "an error"), "occurrences")
    for name in ("first_seen", "last_seen"):
        checks.maybe_number(error.get(name), name)
