"""Reads Locust's statistics on the master. Nothing here costs anything per request."""

import time
from collections.abc import Mapping
from typing import Any

from locust import stats
from locust.runners import MasterRunner
from locust.stats import RequestStats, StatsEntry

from locust_cluster.common.documents import api
from locust_cluster.runs.figures import Sample, to_figures
from locust_cluster.runs.verdicts import Key

LATE_S = 3
"""Workers report every 3 s: younger seconds are not complete yet."""

WINDOW_S = 10


def to_sample(entry: StatsEntry) -> Sample:
    """What Locust knows of one name."""
    return Sample(
        requests=entry.num_requests,
        failures=entry.num_failures,
        timed=entry.num_requests - entry.num_none_requests,
        response_time_ms=entry.total_response_time,
        min_ms=entry.min_response_time,
        max_ms=entry.max_response_time if entry.min_response_time is not None else None,
        histogram=entry.response_times,
    )


def row_to_sample(row: Mapping[str, Any]) -> Sample:
    """The same of one name in a worker's report."""
    least = row["min_response_time"]
    return Sample(
        requests=row["num_requests"],
        failures=row["num_failures"],
        timed=row["num_requests"] - row["num_none_requests"],
        response_time_ms=row["total_response_time"],
        min_ms=least,
        max_ms=row["max_response_time"] if least is not None else None,
        histogram=row["response_times"],
    )


def samples(request_stats: RequestStats) -> dict[Key, Sample]:
    """Each name by method and name; those that a reset has emptied are left out."""
    return {
        (method or "", name): to_sample(entry)
        for (name, method), entry in list(request_stats.entries.items())
        if entry.num_requests or entry.num_failures
    }


def exceptions(runner: MasterRunner) -> int:
    """How many the test's own code has raised."""
    return sum(row["count"] for row in runner.exceptions.values())


def request_figures(samples: Mapping[Key, Sample], seconds: float) -> list[api.RequestFigures]:
    """The table of a run, in the order of Locust's."""
    return [
        {"method": method, "name": name, **to_figures(sample, seconds)}
        for (method, name), sample in sorted(
            samples.items(), key=lambda item: (item[0][1], item[0][0])
        )
    ]


def present(total: StatsEntry, users: int, started: float) -> api.Now:
    """The last seconds: users, rates and response times of all requests together."""
    points = (
        [total.get_current_response_time_percentile(share) for share in (0.5, 0.95, 0.99)]
        if total.response_times
        else [None] * 3
    )
    rps = _rate(total.num_reqs_per_sec, started)
    # Locust says 0 where there was no request at all.
    p50, p95, p99 = (point if point or rps else None for point in points)
    return {
        "users": users,
        "rps": rps,
        "failures_per_s": _rate(total.num_fail_per_sec, started),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
    }


def reset(runner: MasterRunner) -> None:
    """Begin to count afresh, as the page's button does, but keep the charts of the report."""
    runner.environment.events.reset_stats.fire()
    history = runner.stats.history
    runner.stats.reset_all()
    runner.stats.history = history
    runner.exceptions = {}


def count_as(response_time: float) -> int:
    """How response times are counted: with our function, or the one that the test has put there."""
    return int(stats.bucket_response_time(response_time))


def _rate(per_second: dict[int, int], started: float) -> float:
    """Locust's own rate stands still when the target does; this one falls to 0."""
    end = int(time.time()) - LATE_S
    begin = max(end - WINDOW_S, int(started))
    if end <= begin:
        return 0.0
    return round(sum(per_second.get(second, 0) for second in range(begin, end)) / (end - begin), 2)
