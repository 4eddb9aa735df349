"""The one run that is not over: from its start to its archive."""

import logging
import time
from collections.abc import Callable, Sequence

import gevent

from locust_cluster.common.iso_time import iso
from locust_cluster.runs import timeline
from locust_cluster.runs.absent_fleets import AbsentFleets
from locust_cluster.runs.archive import RunFolder
from locust_cluster.runs.clock import RunClock
from locust_cluster.runs.closing import Closing
from locust_cluster.runs.endings import corrected
from locust_cluster.runs.interruptions import Leaving
from locust_cluster.runs.judging import Judge
from locust_cluster.runs.lifecycle import Ending, Event
from locust_cluster.runs.locust_control import LocustControl
from locust_cluster.runs.recorder import Recorder
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_log import RunLog

logger = logging.getLogger(__name__)

REPORT_S = 0.5
"""Until their reports are in."""


class ActiveRun:
    """Knows how a run is recorded, judged and closed; the controller knows when."""

    def __init__(
        self, run: Run, folder: RunFolder, locust: LocustControl, recorder: Recorder, judge: Judge
    ) -> None:
        self.run = run
        # The run may be older, and the clock set back since.
        self.clock = RunClock(max(time.time(), run.facts.created))
        self.judge = judge
        self._folder = folder
        self._locust = locust
        self._recorder = recorder
        self._absent = AbsentFleets()
        self._log: RunLog | None = None
        self._closing: Closing | None = None
        self._greenlets: list[gevent.Greenlet] = []

    def apply(self, event: Event, reason: str | None = None) -> None:
        """Go on to the state that an event leads to, on disk at once."""
        now = self.clock.now()
        self.run.apply(event, now, reason)
        self._recorder.save(now)

    def explain(self, reason: str | None) -> None:
        """Say why the present state lasts."""
        if reason != self.run.lifecycle.reason:
            self.run.lifecycle.explain(reason)
            self._recorder.save(self.clock.now())

    def note_absent(self, fleets: Sequence[str]) -> None:
        """These have a share of the users, but no process."""
        if self.run.lifecycle.now == "running":
            self.explain(self._absent.note(fleets, self.run.times.elapsed_s(self.clock.now())))

    def open_log(self) -> None:
        self._log = RunLog(self._folder.path / "master.log")
        self._log.start()

    def begin(self, after_row: Callable[["ActiveRun"], None]) -> None:
        """The test has started. `after_row` is called after each row of the timeline."""
        self._locust.begin(self.run.facts.request)
        self._recorder.begin()
        started = self.run.times.started = self.clock.now()
        if warm_up_s := self.run.facts.request.warm_up:
            self._greenlets.append(gevent.spawn_later(warm_up_s, self._end_warm_up))
        else:
            self.run.times.measured_from = started
        self.apply("test_started")
        self._greenlets.append(gevent.spawn(self._record, started, after_row))

    def note_interruption(self, leaving: Leaving) -> None:
        """A machine leaves the run in order."""
        run, now = self.run, self.clock.now()
        elapsed = round(now - (run.times.started or now), 1)
        if run.workers.interruptions.add(leaving, iso(now), elapsed):
            self._recorder.save(now)

    def restart_measuring(self) -> None:
        """Someone resets the statistics: with the page's button, or the warm-up is over."""
        self._recorder.before_reset()
        self._locust.class_stats.clear()
        self.run.figures.forget_dropped_reports()
        self.run.times.measured_from = self.clock.now()

    def abandon(self, ending: Ending) -> None:
        """Close without a last look: Locust's figures belong to another test by now."""
        if self._closing is None:
            self._end(ending, {})
            # At once: that test is about to send its options to the workers.
            self._locust.restore_options()

    def close(self, ending: Ending) -> None:
        """Write everything and leave. Does not let Locust work in between: nothing may be reset.

        On a full disk the run is over later, when it is written (closing.py).
        """
        if self._closing is not None:
            return
        now = self.clock.now()
        files: dict[str, str] = {}
        gevent.killall(self._greenlets, block=False)
        if self.run.times.started is not None:
            self.run.times.load_ended = self.run.times.load_ended or now
            try:
                ending = self._look_for_the_last_time(now, ending)
                files = self._recorder.last_files(now)
            except Exception as error:
                # A run that stayed open would keep every later one from starting.
                logger.exception("the results of run %s are not complete", self.run.id)
                reason = f"its results are not complete: {type(error).__name__}: {error}"
                ending = Ending("results_incomplete", reason)
        self._end(ending, files)
        # Then: the test's own listeners of `test_stop` may read them.
        gevent.spawn(self._locust.restore_options)

    def _look_for_the_last_time(self, now: float, ending: Ending) -> Ending:
        """Observe and judge."""
        self._recorder.observe(now, last=True)
        if ending.state != "interrupted" and not self.run.times.is_warming_up:
            self.run.verdicts = self.judge.verdicts(now)
        by_test = ending.event == "ended_by_test"
        ending = corrected(ending, self._locust.outcome(self.run))
        if ending.state == "finished":
            self.run.verdicts += self.judge.broken_rules(now, by_test)
        return ending

    def _end(self, ending: Ending, files: dict[str, str]) -> None:
        gevent.killall(self._greenlets, block=False)
        if self._log is not None:
            self._log.stop()
        self._closing = Closing(self.run, self._recorder.sinks, self.clock, ending, files)
        self._closing.write()

    def _record(self, started: float, after_row: Callable[["ActiveRun"], None]) -> None:
        rows = 0
        while not self.run.lifecycle.is_over:
            rows += 1
            # By the clock of the run: rows do not drift.
            gevent.sleep(max(0.0, started + rows * timeline.EVERY_S - self.clock.now()))
            try:
                self._recorder.observe(self.clock.now())
            except Exception:
                logger.exception("run %s has no row for this moment", self.run.id)
            after_row(self)

    def _end_warm_up(self) -> None:
        self._locust.ask_for_reports()
        gevent.sleep(REPORT_S)
        self._recorder.write_files(self.clock.now(), yielding=False, prefix="warm_up_")
        # Calls `restart_measuring` by way of Locust's event.
        self._locust.reset_statistics()
