"""Bounds what Locust keeps of a long test on the master, so that a day of it fits a small machine.

Locust keeps the requests of every second of every name, 9 MB a name and day, of which its own rates
look at the last 12 s; and a row for its charts every 5 s, 7 MB of each page and report a day.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import gevent
from locust import stats
from locust.stats import RequestStats

EVERY_S = 60

KEPT_S = 60
"""Of the seconds. A worker's clock may differ from the master's, and its report may be late."""

MOST_ROWS = 2_000
"""Of the charts: more than a screen has columns."""


def keep_bounded(all_stats: Callable[[], Iterable[RequestStats]]) -> None:
    """For a greenlet of its own. Never ends."""
    while True:
        gevent.sleep(EVERY_S)
        for request_stats in all_stats():
            forget_seconds(request_stats)
            thin_history(request_stats.history)


def forget_seconds(request_stats: RequestStats) -> None:
    """Drop the counts of seconds that no rate looks at any more."""
    last = request_stats.last_request_timestamp
    if last is None:
        return
    begin = int(last) - KEPT_S
    for entry in [request_stats.total, *request_stats.entries.values()]:
        entry.num_reqs_per_sec = _since(begin, entry.num_reqs_per_sec)
        entry.num_fail_per_sec = _since(begin, entry.num_fail_per_sec)


def thin_history(history: list[dict[str, Any]]) -> None:
    """Leave rows at even distances over the whole test, a third of the most at least."""
    if len(history) <= MOST_ROWS:
        return
    times = [datetime.fromisoformat(row["time"]).timestamp() for row in history]
    step = float(stats.HISTORY_STATS_INTERVAL_SEC)
    # Distances that double: rows kept before are kept evenly.
    while abs(times[-1] - times[0]) / step > MOST_ROWS * 3 / 4:
        step *= 2
    kept = [0]
    for index, time in enumerate(times):
        if abs(time - times[kept[-1]]) >= step:
            kept.append(index)
    history[:] = [history[index] for index in kept]


def _since(begin: int, per_second: dict[int, int]) -> dict[int, int]:
    # A new one: a dict that has grown keeps its room.
    return {second: count for second, count in per_second.items() if second >= begin}
