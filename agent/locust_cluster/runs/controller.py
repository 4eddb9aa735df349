"""Decides when a run goes on from state to state. One run at a time.

Locust's doings arrive as its events: a test of the page is recorded like one of the API.
"""

import time
from typing import Any

import gevent

from locust_cluster.common.iso_time import from_iso
from locust_cluster.common.listener import listener
from locust_cluster.common.run_states import State
from locust_cluster.runs.active_run import ActiveRun
from locust_cluster.runs.archive import RunFolder
from locust_cluster.runs.driver import drive
from locust_cluster.runs.ending import ended_by_locust, ended_by_test, stopped
from locust_cluster.runs.recovery import Waiting
from locust_cluster.runs.request import RunRequest, parse_request
from locust_cluster.runs.run import Run, RunActiveError
from locust_cluster.runs.states import BUSY
from locust_cluster.runs.surroundings import Surroundings
from locust_cluster.runs.test_options import lacks_secrets


class Controller:
    """All runs of this master."""

    def __init__(self, master: Surroundings) -> None:
        self._master = master
        self._current: ActiveRun | None = None
        self._driver: gevent.Greenlet | None = None
        self._quitting = False

    @property
    def active(self) -> Run | None:
        """The run that is not over."""
        run = self._current.run if self._current else None
        return run if run and not run.states.is_over else None

    @property
    def is_busy(self) -> bool:
        """Must this master be left alone?"""
        return self.active is not None and self.active.states.now in BUSY

    def document(self, run_id: str) -> dict[str, Any] | None:
        """A run as it is now."""
        if self._current and self._current.run.id == run_id:
            return self._current.run.to_document(self._current.clock.now())
        return self._master.archive.document(run_id)

    def start(self, request: RunRequest) -> Run:
        """Begin to wait for the workers.

        Raises RunsHeldError, RunActiveError, RequestError, OSError.
        """
        self._master.hold.check()
        if self.active:
            raise RunActiveError(self.active)
        request = self._master.facts.complete(request)
        run, folder = self._master.new_run("api", request, time.time())
        run.enter("waiting", run.created)
        folder.write_run(run.to_document(run.created))
        self._drive(self._activate(run, folder))
        return run

    def resume(self, waiting: Waiting) -> None:
        """Go on waiting with what the master before this one was asked for."""
        document = waiting.document
        request = parse_request(document["request"])
        created = from_iso(document["created"])
        run, folder = self._master.new_run("api", request, created, waiting.folder)
        run.states.history.extend(document["states"])
        current = self._activate(run, folder)
        if lacks_secrets(request.args):
            current.close("failed", "the master was restarted, which keeps no secret options")
        else:
            self._drive(current)

    def stop(self, run: Run, how: str) -> None:
        """End the active run, on somebody's wish. Returns at once."""
        current = self._current
        if current and current.run is run and not run.states.is_over:
            self._end(current, stopped(run, how, current.clock.now()))

    def end_by_test(self) -> bool:
        """End the run that goes on, on the wish of its own code; False when there is none."""
        current = self._current if self.active and not self._quitting else None
        if current is None or current.run.started is None:
            return False
        if current.ending is None:
            self._end(current, ended_by_test(current.run, current.clock.now()))
        return True

    @listener
    def test_start(self, **_: object) -> None:
        """Locust has begun: with what we asked for, or with what the page asked for."""
        current = self._current if self.active else None
        if current is None or current.run.states.now != "starting":
            if current:
                self._displace(current)
            current = self._of_page()
        current.begin(self._abort_if_missed)

    @listener
    def test_stopping(self, **_: object) -> None:
        """Locust begins to stop the users."""
        current = self._current
        if current is None or current.run.started is None or current.run.states.is_over:
            return
        if current.ending is None:
            current.ending = ended_by_locust(
                current.run,
                current.clock.now(),
                is_shape_ending=self._master.control.is_shape_ending,
                is_page_stopping=self._master.control.is_page_stopping,
                has_workers=self._master.runner.worker_count > 0,
            )
        current.run.load_ended = current.clock.now()
        if current.run.states.now != "stopping":
            current.enter("stopping", current.ending[1])

    @listener
    def test_stop(self, **_: object) -> None:
        """All users are gone and the workers have reported their last requests."""
        current = self._current
        if current is None or current.run.states.is_over:
            return
        # One of the API that waits or starts has a test yet to come, whatever of another ends here.
        if current.run.started is not None or current.run.source == "page":
            current.close(*self._how_it_ends(current))

    @listener
    def reset_stats(self, **_: object) -> None:
        """By the page's button, or by us at the end of a warm-up."""
        if self._current and self.active and self.active.started is not None:
            self._current.restart_measuring()

    @listener
    def quitting(self, **_: object) -> None:
        """Before Locust's own listener, which stops the test. A run that waits goes on waiting."""
        self._quitting = True
        if self._driver:
            self._driver.kill(block=False)
        if self._current and self.active and self.active.states.now == "starting":
            self._current.close(*self._how_it_ends(self._current))

    def _how_it_ends(self, current: ActiveRun) -> tuple[State, str]:
        if self._quitting:
            return "interrupted", "the master was stopped during the run"
        return current.ending or ("finished", "")

    def _activate(self, run: Run, folder: RunFolder) -> ActiveRun:
        self._current = ActiveRun(run, folder, self._master)
        return self._current

    def _drive(self, current: ActiveRun) -> None:
        self._driver = gevent.spawn(drive, current, self._master)
        self._driver.link_value(lambda _: self._driven(current))

    def _driven(self, current: ActiveRun) -> None:
        """Its run time is over, or it failed; an open-ended run just goes on."""
        if current.ending and not current.run.states.is_over:
            self._end(current, current.ending)

    def _end(self, current: ActiveRun, ending: tuple[State, str]) -> None:
        current.ending = current.ending or ending
        if self._driver and self._driver is not gevent.getcurrent():
            self._driver.unlink_all()  # to be killed is an end of its own, and would stop twice
            self._driver.kill(block=False)
        if current.run.states.now == "waiting":
            current.close(*ending)
        else:
            gevent.spawn(self._stop_locust, current)

    def _stop_locust(self, current: ActiveRun) -> None:
        self._master.control.stop()
        # Without users there is nothing to stop for Locust, and no event.
        if not current.run.states.is_over:
            current.close(*self._how_it_ends(current))

    def _abort_if_missed(self, current: ActiveRun) -> None:
        missed = current.judge.missed_for_good(current.clock.now())
        if missed and current.ending is None:
            self._end(current, ("finished", f"aborted: {missed.expression}: {missed.message}"))

    def _of_page(self) -> ActiveRun:
        """A run for a test that was started in Locust's page."""
        master = self._master
        run, folder = master.new_run("page", master.control.request_of_page(), time.time())
        run.nodes = master.nodes()
        run.connected = run.expected = master.runner.worker_count
        run.enter("starting", run.created)
        current = self._activate(run, folder)
        current.open_log()
        return current

    def _displace(self, current: ActiveRun) -> None:
        """The page starts a test in spite of a run."""
        reason = "another test was started in Locust's page"
        if current.run.started is None:
            if self._driver:
                self._driver.kill(block=False)
            current.close("cancelled", f"{reason} meanwhile")
        else:
            current.abandon("interrupted", f"{reason} before this one had ended")
