"""Records what a run does while it does it: a row every two seconds, its files every ten."""

import logging
from collections.abc import Sequence
from typing import Any

from locust.env import Environment
from locust.html import get_html_report
from locust.runners import MasterRunner

from locust_cluster.common.iso_time import iso
from locust_cluster.runs import locust_statistics, timeline
from locust_cluster.runs.connected_workers import Nodes
from locust_cluster.runs.csv_files import LocustFiles
from locust_cluster.runs.figures import to_figures
from locust_cluster.runs.fleet_stats import FleetStats
from locust_cluster.runs.run import Run
from locust_cluster.runs.sink import Row, Sink
from locust_cluster.runs.worker_losses import PRESENT

logger = logging.getLogger(__name__)

FILES_EVERY_ROWS = 5


class Recorder:
    """Of one run."""

    def __init__(
        self,
        run: Run,
        sinks: Sequence[Sink],
        environment: Environment,
        runner: MasterRunner,
        nodes: Nodes,
        fleets: FleetStats,
    ) -> None:
        self._run = run
        self.sinks = sinks
        self._environment = environment
        self._runner = runner
        self._nodes = nodes
        self._fleets = fleets
        self._files = LocustFiles(environment)
        self._rows = 0
        self._seen = (0, 0)
        """Requests and failures when last looked at."""
        self._before_reset = (0, 0)

    def begin(self) -> None:
        """The test has started."""
        self._fleets.begin(self._nodes())
        self._run.figures.fleets = {} if self._fleets.is_on else None

    def observe(self, now: float, last: bool = False) -> None:
        """Bring the run's figures up to date and add a row to the timeline."""
        run, total = self._run, self._runner.stats.total
        times, counted = run.times, run.figures
        assert times.started is not None  # noqa: S101 (for mypy)
        counts = (total.num_requests, total.num_failures)
        if counts[0] < self._seen[0]:
            # Locust's own `--reset-stats` comes without an event.
            self._before_reset = self._so_far(self._seen)
        self._seen = counts
        requests, failures = self._so_far(counts)
        since, users = times.measured_from or times.started, self._runner.user_count
        counted.now = locust_statistics.present(total, users, since)
        if self._fleets.is_on:
            self._fleets.look(self._runner.clients, since)
        # Names times fleets are many rows: not for each row of the timeline.
        self._measure(now, with_fleet_requests=False)
        counted.exceptions = locust_statistics.exceptions(self._runner)
        if run.lifecycle.now == "running":  # Locust forgets its workers while it stops a test
            run.workers.connected = self._runner.worker_count
            clients = self._runner.clients.items()
            present = [each for each, client in clients if client.state in PRESENT]
            run.workers.losses.look(present, round(now - times.started, 1))
        figures = {
            "time": iso(now),
            "elapsed_s": round(now - times.started, 1),
            "phase": times.phase(is_over=False),
            "requests": requests,
            "failures": failures,
            "workers": run.workers.connected,
            **counted.now,
            **self._cpu(),
            "marks": "; ".join(run.workers.interruptions.new_marks()),
        }
        if counted.fleets is not None:
            figures["fleets"] = timeline.fleet_rows(counted.fleets)
        self._rows += 1
        written = Row(figures, self._files.history_header, self._files.history_line())
        for sink in self.sinks:
            sink.add_row(written)
        if self._rows % FILES_EVERY_ROWS == 0 and not last:
            self.write_files(now, yielding=True)

    def before_reset(self) -> None:
        """The statistics are about to be emptied: the timeline goes on counting."""
        total = self._runner.stats.total
        self._before_reset = self._so_far((total.num_requests, total.num_failures))
        self._seen = (0, 0)

    def write_files(self, now: float, yielding: bool, prefix: str = "") -> None:
        """Write Locust's tables, and the run with the figures of each request."""
        self._measure(now)
        for name, content in self._files.contents(yielding, prefix).items():
            for sink in self.sinks:
                sink.write_file(name, content)
        self.save(now)

    def last_files(self, now: float) -> dict[str, str]:
        """What Locust's tables and its own report hold at the end; brings the run's figures along.

        The report takes a fraction of a second, in which Locust does nothing else.
        """
        self._measure(now)
        files = dict(self._files.contents(yielding=False, prefix=""))
        try:
            files["report.html"] = get_html_report(self._environment)
        except Exception:
            logger.exception("run %s has no report.html", self._run.id)
        return files

    def save(self, now: float) -> None:
        document = self._run.to_document(now)
        for sink in self.sinks:
            sink.write_run(document)

    def _measure(self, now: float, with_fleet_requests: bool = True) -> None:
        """All requests and each name at one moment: readers add the names up."""
        counted, stats = self._run.figures, self._runner.stats
        measured_s = self._run.times.measured_s(now)
        counted.total = to_figures(locust_statistics.to_sample(stats.total), measured_s)
        counted.requests = locust_statistics.request_figures(
            locust_statistics.samples(stats), measured_s
        )
        if self._fleets.is_on:
            counted.fleets = self._fleets.figures(measured_s)
            if with_fleet_requests:
                counted.fleet_requests = self._fleets.requests(measured_s)

    def _so_far(self, counts: tuple[int, int]) -> tuple[int, int]:
        return (self._before_reset[0] + counts[0], self._before_reset[1] + counts[1])

    def _cpu(self) -> dict[str, Any]:
        usage = [worker.cpu_usage for worker in self._runner.clients.values()]
        column = ""
        if self._rows % timeline.CPU_EVERY_ROWS == 0:
            column = timeline.cpu_column(self._nodes())
        return {
            "cpu_max": round(max(usage, default=0.0), 1),
            "cpu_mean": round(sum(usage) / max(1, len(usage)), 1),
            "cpu": column,
        }
