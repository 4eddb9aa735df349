"""A day of one test in minutes: memory of the master, and what its copies send to the bucket.

Feeds a real Locust master the reports of a worker with a clock of its own, and lets our recorder
and uploader do what they do in a day. Prints one JSON object. Usage: `npm run bench:day`.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from locust.env import Environment
from locust.stats import RequestStats, update_stats_history

from locust_cluster.common.constants import COPY_EVERY_S
from locust_cluster.common.documents.api import Node, WorkerProcess
from locust_cluster.plugin.statistics.long_tests import EVERY_S as BOUND_EVERY_S
from locust_cluster.plugin.statistics.long_tests import forget_seconds, thin_history
from locust_cluster.plugin.statistics.many_names import bound_report
from locust_cluster.runs.archive import Archive
from locust_cluster.runs.fleet_stats import FleetStats
from locust_cluster.runs.folder_sink import FolderSink
from locust_cluster.runs.recorder import Recorder
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_facts import RunFacts
from locust_cluster.service.store import FolderStore
from locust_cluster.service.upload import Uploader

NAMES = 100
REQUESTS_PER_REPORT = 30
REPORT_EVERY_S = 3
ROW_EVERY_S = 2
HISTORY_EVERY_S = 5
TABLES_EVERY_S = 3600
"""Locust's tables take half a second: they are made once an hour, and sent as often as in truth."""
MACHINES = 25
PROCESSES = 4

REQUEST = RunRequest(user_count=1000)


class Clock:
    """Instead of time.time."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class CountingStore(FolderStore):
    """Keeps nothing."""

    sent = 0

    def put(self, key: str, content: bytes) -> None:
        del key
        self.sent += len(content)


class Day:
    """The master of one test."""

    def __init__(self, folder: Path, clock: Clock, bounded: bool) -> None:
        self.clock, self.bounded = clock, bounded
        self.environment = Environment()
        # Any port: no worker connects.
        self.runner = self.environment.create_master_runner("127.0.0.1", 0)
        self.stats: RequestStats = self.runner.stats
        self.store = CountingStore(folder)
        self.uploader = Uploader(folder / "runs", folder, lambda: self.store)
        files = Archive(folder / "runs").create(clock.now, "day")
        self.run = Run(RunFacts(files.id, "api", clock.now, REQUEST, "bench", "b", {}))
        self.run.apply("started_in_page", clock.now)
        self.run.apply("test_started", clock.now)
        self.run.times.started = self.run.times.measured_from = clock.now
        self.folder = files.path
        self.recorder = Recorder(
            self.run,
            [FolderSink(files)],
            self.environment,
            self.runner,
            nodes,
            FleetStats(self.environment, dict),
        )
        self.reports = 0
        self.whole = 0
        """Bytes that all files together would have been, each time."""

    def report(self) -> None:
        second = int(self.clock.now)
        seconds = {
            second - ago: REQUESTS_PER_REPORT // REPORT_EVERY_S for ago in range(REPORT_EVERY_S)
        }
        total = dict.fromkeys(seconds, NAMES * REQUESTS_PER_REPORT // REPORT_EVERY_S)
        self.reports += 1
        rows = [
            {
                **row(f"/page/{name}", HISTOGRAMS[(self.reports + name) % len(HISTOGRAMS)]),
                **{"num_reqs_per_sec": seconds, "num_fail_per_sec": seconds},
                "last_request_timestamp": self.clock.now,
            }
            for name in range(NAMES)
        ]
        sum_of_all = {
            **row("Aggregated", TOTAL),
            **{"num_reqs_per_sec": total, "num_fail_per_sec": total},
            "last_request_timestamp": self.clock.now,
        }
        data = {"stats": rows, "stats_total": sum_of_all, "errors": {}}
        if self.bounded:
            bound_report(data, self.stats, REQUEST.judges)
        # Locust's own listener adds it up.
        self.environment.events.worker_report.fire(client_id="worker-1", data=data)

    def bound(self) -> None:
        forget_seconds(self.stats)
        thin_history(self.stats.history)

    def copy(self, second: int) -> None:
        for file in self.folder.iterdir():
            os.utime(file)
            self.whole += file.stat().st_size
        self.uploader.look(second)


def histogram() -> dict[int, int]:
    """Response times of a name in one report: 150 ms in the middle, one in a thousand over 1 s."""
    return dict(Counter(round(random.lognormvariate(5, 0.6)) for _ in range(REQUESTS_PER_REPORT)))


random.seed(1)
HISTOGRAMS = [histogram() for _ in range(NAMES)]
"""Each report of each name has another one of them."""
TOTAL = dict(sum((Counter(each) for each in HISTOGRAMS), Counter()))


def row(name: str, times: dict[int, int]) -> dict[str, Any]:
    """What a worker reports of a name."""
    count = sum(times.values())
    return {
        **{"name": name, "method": "GET", "start_time": 1_800_000_000.0, "response_times": times},
        **{"num_requests": count, "num_none_requests": 0, "num_failures": 0},
        **{"total_response_time": sum(time * number for time, number in times.items())},
        **{"min_response_time": min(times), "max_response_time": max(times)},
        "total_content_length": 10 * count,
    }


def nodes() -> list[Node]:
    return [node(f"worker-{n + 1}") for n in range(MACHINES)]


def node(name: str) -> Node:
    return {
        "name": name,
        "role": "worker",
        "fleet": "",
        "instance_id": "i-0123456789abcdef0",
        "instance_type": "c7g.xlarge",
        "hostname": "ip-10-77-0-20",
        "private_ip": "10.77.0.20",
        "state": "ready",
        "processes": [process(name, n + 1) for n in range(PROCESSES)],
        "expected_processes": PROCESSES,
        "bundle": "0" * 20,
        "environment": "0" * 20,
        "versions": {"locust": "2.47.0"},
    }


def process(node: str, index: int) -> WorkerProcess:
    return {
        "id": f"{node}_{index}",
        "index": index,
        "pid": 1000 + index,
        "state": "ready",
        "user_count": 10,
        "cpu_usage": 50.0,
    }


def memory() -> int:
    """Resident bytes of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def live(day: Day, seconds: int) -> dict[str, Any]:
    """Returns what it came to."""
    began = 0
    for second in range(1, seconds + 1):
        day.clock.now += 1
        if second % REPORT_EVERY_S == 0:
            day.report()
        if second % HISTORY_EVERY_S == 0:
            update_stats_history(day.runner)
        if day.bounded:
            if second % BOUND_EVERY_S == 0:
                day.bound()
            if second % ROW_EVERY_S == 0:
                day.recorder.observe(day.clock.now, last=True)
            if second % TABLES_EVERY_S == 60:
                day.recorder.write_files(day.clock.now, yielding=False)
            if second % COPY_EVERY_S == 0:
                day.copy(second)
        if second == 600:
            began = memory()
    return {
        "after_ten_minutes": began,
        "at_the_end": memory(),
        "history": len(json.dumps(day.stats.history)),
        "sent": day.store.sent,
        "whole": day.whole,
        "timeline": (day.folder / "timeline.csv").stat().st_size if day.bounded else 0,
    }


def main(hours: float, bounded: bool) -> None:
    clock = Clock()
    time.time = clock
    with tempfile.TemporaryDirectory(prefix="locust-cluster-day-") as folder:
        print(json.dumps(live(Day(Path(folder), clock, bounded), int(hours * 3600))))


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2] == "bounded")
