"""The CSV files of a run in Locust's own formats, from the statistics of a running Locust."""

import csv
import io
import time
from collections.abc import Callable, Iterable
from typing import Any

import gevent
from locust import stats
from locust.env import Environment


class YieldingWriter:
    """Lets other greenlets work between two rows: percentiles of 500 names take a second."""

    def __init__(self, file: io.StringIO) -> None:
        self._writer = csv.writer(file)

    def writerow(self, columns: Iterable[Any]) -> None:
        self._writer.writerow(columns)
        gevent.sleep(0)


class LocustFiles:
    """`name: content` of the files, as `--csv` would write them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._csv = stats.StatsCSV(environment, stats.PERCENTILES_TO_REPORT)

    def contents(self, yielding: bool, prefix: str = "") -> dict[str, str]:
        """`yielding` while the run goes on; not at its end, when nothing may come in between."""
        files: dict[str, Callable[[Any], None]] = {
            "stats.csv": self._csv.requests_csv,
            "failures.csv": self._csv.failures_csv,
            "exceptions.csv": self._csv.exceptions_csv,
        }
        return {prefix + name: self._text(write, yielding) for name, write in files.items()}

    @staticmethod
    def _text(write: Callable[[Any], None], yielding: bool) -> str:
        out = io.StringIO()
        write(YieldingWriter(out) if yielding else csv.writer(out))
        return out.getvalue()

    @property
    def history_header(self) -> str:
        """Of stats_history.csv, as locust/stats.py writes it."""
        percentiles = stats.get_readable_percentiles(stats.PERCENTILES_TO_REPORT)
        return _line(
            [
                *("Timestamp", "User Count", "Type", "Name", "Requests/s", "Failures/s"),
                *percentiles,
                *("Total Request Count", "Total Failure Count", "Total Median Response Time"),
                *("Total Average Response Time", "Total Min Response Time"),
                *("Total Max Response Time", "Total Average Content Size"),
            ]
        )

    def history_line(self) -> str:
        """The present figures of all requests together."""
        runner = self._environment.runner
        total = self._environment.stats.total
        points: list[Any] = ["N/A"] * len(stats.PERCENTILES_TO_REPORT)
        if total.num_requests:
            points = [
                int(total.get_response_time_percentile(share) or 0)
                for share in stats.PERCENTILES_TO_REPORT
            ]
        return _line(
            [
                *(int(time.time()), runner.user_count if runner else 0, "", "Aggregated"),
                *(f"{total.current_rps:2f}", f"{total.current_fail_per_sec:2f}"),
                *points,
                *(total.num_requests, total.num_failures, total.median_response_time),
                *(total.avg_response_time, total.min_response_time or 0, total.max_response_time),
                total.avg_content_length,
            ]
        )


def _line(values: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
