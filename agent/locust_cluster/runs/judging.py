"""Judges one run: while it lasts, for the thresholds that may end it, and at its end."""

from locust.runners import MasterRunner

from locust_cluster.runs import locust_statistics
from locust_cluster.runs.class_stats import ClassStats
from locust_cluster.runs.locusts_rules import broken_rules, dropped_reports
from locust_cluster.runs.run import Run
from locust_cluster.runs.thresholds import Condition
from locust_cluster.runs.verdicts import Measured, Verdict, judge


class Judge:
    """Reads the figures of Locust's statistics."""

    def __init__(self, run: Run, runner: MasterRunner, class_stats: ClassStats) -> None:
        self._run = run
        self._runner = runner
        self._class_stats = class_stats
        self._final: dict[Condition, Verdict] = {}
        """Misses that end the run. They stand, whatever its last requests make of the figures."""

    def verdicts(self, now: float) -> list[Verdict]:
        """How the thresholds stand."""
        measured = self._measured(now)
        return [
            self._final.get(each) or judge(each.threshold, measured, locust_statistics.count_as)
            for each in self._run.facts.request.thresholds
        ]

    def broken_rules(self, now: float, by_test: bool) -> list[Verdict]:
        """What Locust asks of a test that came to its end, and no threshold says otherwise.

        Thresholds are about a whole run: of one that the test has ended they excuse nothing.
        """
        environment, figures = self._runner.environment, self._run.figures
        conditions = () if by_test else self._run.facts.request.thresholds
        thresholds = [each.threshold for each in conditions]
        broken = broken_rules(thresholds, self._measured(now), environment.process_exit_code)
        return broken + dropped_reports(figures.dropped_reports, figures.last_dropped)

    def missed_for_good(self, now: float) -> Verdict | None:
        """A threshold with `abort` that is missed after its grace time; it stays missed."""
        begun = self._run.times.measured_from
        conditions = self._run.facts.request.thresholds
        if begun is None or not any(each.abort for each in conditions):
            return None
        for each, verdict in zip(conditions, self.verdicts(now), strict=True):
            due = each.abort and now >= begun + each.grace
            # Without any data yet it is missed only at the end.
            if due and verdict.passed is False and verdict.actual is not None:
                self._final[each] = verdict
                return verdict
        return None

    def _measured(self, now: float) -> Measured:
        return Measured(
            self._run.times.measured_s(now),
            locust_statistics.samples(self._runner.stats),
            self._class_stats.samples(),
            locust_statistics.exceptions(self._runner),
        )
