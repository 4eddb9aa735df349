"""Bounds the names and errors of a test: those beyond count in one row that says so.

A test that does not group its URLs has a name for each of them. A name costs the master's memory,
each report of each worker, and a row in every file, answer and page.
"""

from collections.abc import Callable
from typing import Any

from locust.stats import RequestStats, StatsEntry, StatsError

MOST_NAMES = 2_000
MOST_ERRORS = 2_000

NAMES_BEYOND = f"(all names beyond the first {MOST_NAMES:,})"
ERRORS_BEYOND = f"(all errors beyond the first {MOST_ERRORS:,})"

MOST_CACHED = 100
"""Names of which Locust keeps the response times of each of the last 20 seconds, 1 MB a name: for
`get_current_response_time_percentile`, which it calls itself for all requests together only."""


def bound_report(
    data: dict[str, Any], stats: RequestStats, is_judged: Callable[[str, str], bool]
) -> None:
    """Change a worker's report before Locust adds it up.

    `is_judged` tells by method and name what a threshold is about: that keeps a row of its own.
    """
    for row in data["stats"]:
        name, method = row["name"], row["method"]
        if (name, method) in stats.entries:
            continue
        if len(stats.entries) >= MOST_NAMES and not is_judged(method, name):
            row["name"], row["method"] = name, method = NAMES_BEYOND, ""
        if (name, method) not in stats.entries:
            is_cached = len(stats.entries) < MOST_CACHED
            stats.entries[name, method] = StatsEntry(stats, name, method, is_cached)
    data["errors"] = bound_errors(data["errors"], stats.errors)


def bound_rows(rows: list[Any], is_judged: Callable[[str, str], bool]) -> list[Any]:
    """The rows of one report, as a worker sends them: those beyond are one."""
    if len(rows) <= MOST_NAMES:
        return rows
    kept, stats = rows[:MOST_NAMES], RequestStats(use_response_times_cache=False)
    beyond = StatsEntry(stats, NAMES_BEYOND, "")
    for row in rows[MOST_NAMES:]:
        if is_judged(row["method"], row["name"]):
            kept.append(row)
        else:
            beyond.extend(StatsEntry.unserialize(row, stats))
    return [*kept, beyond.serialize()] if beyond.num_requests or beyond.num_failures else kept


def bound_errors(errors: dict[str, Any], known: dict[str, StatsError]) -> dict[str, Any]:
    """The errors of a report, of which the statistics know some already."""
    if len(known) + len(errors) <= MOST_ERRORS:
        return errors
    beyond: dict[str, Any] = {
        **{"method": "", "name": "", "error": ERRORS_BEYOND, "occurrences": 0},
        **{"first_seen": None, "last_seen": None},
    }
    bounded = {}
    room = MOST_ERRORS - len(known)
    for key, error in errors.items():
        if key in known:
            bounded[key] = error
        elif room > 0:
            bounded[key] = error
            room -= 1
        else:
            add_error(beyond, error)
    if beyond["occurrences"]:
        bounded[StatsError.create_key("", "", ERRORS_BEYOND)] = beyond
    return bounded


def add_error(total: dict[str, Any], error: dict[str, Any]) -> None:
    """Count an error of a report with another."""
    total["occurrences"] += error["occurrences"]
    for field, choose in (("first_seen", min), ("last_seen", max)):
        times = [time for time in (total.get(field), error.get(field)) if time is not None]
        total[field] = choose(times) if times else None
