"""The one run that is not over: from its start to its archive."""

import logging
import time
from typing import Any

import gevent

from locust_cluster.common.messages import REPORT_NOW
from locust_cluster.common.run_states import State
from locust_cluster.runs import measure, timeline
from locust_cluster.runs.archive import RunFolder
from locust_cluster.runs.clock import RunClock
from locust_cluster.runs.closing import Closing
from locust_cluster.runs.ending import BY_TEST
from locust_cluster.runs.folder_sink import FolderSink
from locust_cluster.runs.judged_names import tell_workers
from locust_cluster.runs.judging import Judge
from locust_cluster.runs.recorder import Recorder
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_log import RunLog
from locust_cluster.runs.surroundings import Surroundings

logger = logging.getLogger(__name__)

REPORT_S = 0.5
"""Until their reports are in."""


class ActiveRun:
    """Knows how a run is recorded, judged and closed; the controller knows when."""

    def __init__(self, run: Run, folder: RunFolder, master: Surroundings) -> None:
        self.run = run
        # The run may be older, and the clock set back since.
        self.clock = RunClock(max(time.time(), run.created))
        self.ending: tuple[State, str] | None = None
        """What it will be when Locust has stopped, and why."""
        self.judge = Judge(run, master.runner, master.class_stats)
        self._folder = folder
        self._control = master.control
        self._runner = master.runner
        self._class_stats = master.class_stats
        self._recorder = Recorder(
            run, [FolderSink(folder)], master.environment, master.runner, master.nodes
        )
        self._log: RunLog | None = None
        self._closing: Closing | None = None
        self._greenlets: list[gevent.Greenlet] = []

    def enter(self, state: State, reason: str | None = None) -> None:
        """Go on to a state, on disk at once."""
        now = self.clock.now()
        self.run.enter(state, now, reason)
        self._recorder.save(now)

    def explain(self, reason: str | None) -> None:
        """Say why the present state lasts."""
        if reason != self.run.states.reason:
            self.run.states.explain(reason)
            self._recorder.save(self.clock.now())

    def open_log(self) -> None:
        self._log = RunLog(self._folder.path / "master.log")
        self._log.start()

    def begin(self, after_row: Any) -> None:
        """The test has started. `after_row` is called after each row of the timeline."""
        self._runner.environment.process_exit_code = None  # of the run before
        self._class_stats.begin(self.run.request.judged_classes)
        tell_workers(self._runner.environment, self.run.request)
        self.run.started = self.clock.now()
        if warm_up_s := self.run.request.warm_up:
            self._greenlets.append(gevent.spawn_later(warm_up_s, self._end_warm_up))
        else:
            self.run.measured_from = self.run.started
        self.enter("running")
        self._greenlets.append(gevent.spawn(self._record, after_row))

    def restart_measuring(self) -> None:
        """Someone resets the statistics: with the page's button, or the warm-up is over."""
        self._recorder.before_reset()
        self._class_stats.clear()
        self.run.dropped_reports, self.run.last_dropped = 0, None
        self.run.measured_from = self.clock.now()

    def abandon(self, state: State, reason: str) -> None:
        """Close without a last look: Locust's figures belong to another test by now."""
        if self._closing is None:
            self._end(state, reason, {})
            # At once: that test is about to send its options to the workers.
            self._control.restore_options()

    def close(self, state: State, reason: str | None) -> None:
        """Write everything and leave. Does not let Locust work in between: nothing may be reset.

        On a full disk the run is over later, when it is written (closing.py).
        """
        if self._closing is not None:
            return
        now = self.clock.now()
        files: dict[str, str] = {}
        gevent.killall(self._greenlets, block=False)
        if self.run.started is not None:
            self.run.load_ended = self.run.load_ended or now
            try:
                state, reason = self._look_for_the_last_time(now, state, reason)
                files = self._recorder.last_files(now)
            except Exception as error:
                # A run that stayed open would keep every later one from starting.
                logger.exception("the results of run %s are not complete", self.run.id)
                state = "failed"
                reason = f"its results are not complete: {type(error).__name__}: {error}"
        self._end(state, reason or None, files)
        # Then: the test's own listeners of `test_stop` may read them.
        gevent.spawn(self._control.restore_options)

    def _look_for_the_last_time(
        self, now: float, state: State, reason: str | None
    ) -> tuple[State, str | None]:
        """Observe and judge."""
        self._recorder.observe(now, last=True)
        if state != "interrupted" and not self.run.is_warming_up:
            self.run.verdicts = self.judge.verdicts(now)
        state, reason = self._corrected(state, reason)
        if state == "finished":
            by_test = bool(reason and reason.startswith(BY_TEST))
            self.run.verdicts += self.judge.broken_rules(now, by_test)
        return state, reason

    def _end(self, state: State, reason: str | None, files: dict[str, str]) -> None:
        gevent.killall(self._greenlets, block=False)
        if self._log is not None:
            self._log.stop()
        self._closing = Closing(self.run, self._folder, self.clock, (state, reason), files)
        self._closing.write()

    def _corrected(self, state: State, reason: str | None) -> tuple[State, str | None]:
        if state == "finished" and self.run.is_warming_up:
            return "cancelled", f"{reason}, during its warm-up: nothing was judged"
        exceptions = list(self._runner.exceptions.values())
        if state != "finished" or not exceptions or self._runner.stats.total.num_requests:
            return state, reason
        return "failed", (
            f"the test made no request; {self.run.exceptions} exceptions, the first: "
            f"{exceptions[0]['msg']}"
        )

    def _record(self, after_row: Any) -> None:
        assert self.run.started is not None  # noqa: S101 (for mypy)
        rows = 0
        while not self.run.states.is_over:
            rows += 1
            # By the clock of the run: rows do not drift.
            gevent.sleep(max(0.0, self.run.started + rows * timeline.EVERY_S - self.clock.now()))
            try:
                self._recorder.observe(self.clock.now())
            except Exception:
                logger.exception("run %s has no row for this moment", self.run.id)
            after_row(self)

    def _end_warm_up(self) -> None:
        self._runner.send_message(REPORT_NOW)
        gevent.sleep(REPORT_S)
        self._recorder.write_files(self.clock.now(), yielding=False, prefix="warm_up_")
        # Calls `restart_measuring` by way of Locust's event.
        measure.reset(self._runner)
