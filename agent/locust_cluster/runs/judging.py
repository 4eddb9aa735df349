"""Judges one run: while it lasts, for the thresholds that may end it, and at its end."""

from locust.runners import MasterRunner

from locust_cluster.runs import measure
from locust_cluster.runs.request_fields import Condition
from locust_cluster.runs.run import Run
from locust_cluster.runs.verdicts import Verdict, judge


class Judge:
    """Reads the figures of Locust's statistics."""

    def __init__(self, run: Run, runner: MasterRunner) -> None:
        self._run = run
        self._runner = runner
        self._final: dict[Condition, Verdict] = {}
        """Misses that end the run. They stand, whatever its last requests make of the figures."""

    def verdicts(self, now: float) -> list[Verdict]:
        """How the thresholds stand."""
        found = measure.samples(self._runner.stats)
        seconds = self._run.measured_s(now)
        return [
            self._final.get(each) or judge(each.threshold, found, seconds, measure.count_as)
            for each in self._run.request.thresholds
        ]

    def missed_for_good(self, now: float) -> Verdict | None:
        """A threshold with `abort` that is missed after its grace time; it stays missed."""
        begun = self._run.measured_from
        conditions = self._run.request.thresholds
        if begun is None or not any(each.abort for each in conditions):
            return None
        for each, verdict in zip(conditions, self.verdicts(now), strict=True):
            due = each.abort and now >= begun + each.grace
            # Without any data yet it is missed only at the end.
            if due and verdict.passed is False and verdict.actual is not None:
                self._final[each] = verdict
                return verdict
        return None
