"""Says what happens to the runs of a master, one at a time: what people ask, and Locust's events.

A test of the page is recorded like one of the API.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gevent

from locust_cluster.common.iso_time import from_iso
from locust_cluster.common.listener import listener
from locust_cluster.common.shares import read_shares
from locust_cluster.runs.active_run import ActiveRun
from locust_cluster.runs.archive import RunFolder
from locust_cluster.runs.connected_workers import ConnectedWorkers
from locust_cluster.runs.driver import drive
from locust_cluster.runs.endings import displaced, ended_by_locust, ended_by_test, stopped
from locust_cluster.runs.hold import Hold
from locust_cluster.runs.interruptions import Leaving
from locust_cluster.runs.lifecycle import AWAITING, BUSY, Ending
from locust_cluster.runs.locust_control import LocustControl
from locust_cluster.runs.options_of_test import lacks_secrets
from locust_cluster.runs.recovery import Waiting
from locust_cluster.runs.request import RunRequest, parse_request
from locust_cluster.runs.run import Run, RunActiveError
from locust_cluster.runs.run_maker import RunMaker
from locust_cluster.runs.run_shares import title

logger = logging.getLogger(__name__)

Activate = Callable[[Run, RunFolder], ActiveRun]
"""Gives a run its recorder and its judge."""


class Controller:
    """All runs of this master."""

    def __init__(
        self,
        locust: LocustControl,
        runs: RunMaker,
        workers: ConnectedWorkers,
        hold: Hold,
        activate: Activate,
    ) -> None:
        self._locust = locust
        self._runs = runs
        self._workers = workers
        self._hold = hold
        self._activate = activate
        self._current: ActiveRun | None = None
        self._driver: gevent.Greenlet | None = None
        self._quitting = False
        self._absent_fleets: Sequence[str] = ()

    @property
    def active(self) -> Run | None:
        """The run that is not over."""
        run = self._current.run if self._current else None
        return run if run and not run.lifecycle.is_over else None

    @property
    def is_busy(self) -> bool:
        """Must this master be left alone?"""
        return self.active is not None and self.active.lifecycle.now in BUSY

    @property
    def shares(self) -> Mapping[str, int]:
        """Of the users of the test that begins or goes on."""
        active = self.active if self.is_busy else None
        shares = self._workers.shares() if active is None else active.facts.request.shares
        return read_shares(shares or {})

    @listener
    def tell_absent(self, fleets: Sequence[str]) -> None:
        """These have a share, but no process: the others have their users."""
        if fleets:
            names = ", ".join(map(title, fleets))
            logger.warning("no process of %s is connected: the others have its users", names)
        elif self._absent_fleets:
            logger.info("all fleets that have a share of the users have processes")
        self._absent_fleets = fleets
        if self._current:
            self._current.note_absent(fleets)

    def document(self, run_id: str) -> Mapping[str, Any] | None:
        """A run as it is now."""
        if self._current and self._current.run.id == run_id:
            return self._current.run.to_document(self._current.clock.now())
        return self._runs.archive.document(run_id)

    def start(self, request: RunRequest) -> Run:
        """Begin to wait for the workers.

        Raises RunsHeldError, RunActiveError, RequestError, ConfigurationError, OSError.
        """
        self._hold.check()
        if self.active:
            raise RunActiveError(self.active)
        request = self._runs.facts.complete(self._workers.complete(request))
        run, folder = self._runs.make("api", request, time.time())
        run.apply("machines_requested" if request.fleets else "requested", run.facts.created)
        folder.write_run(run.to_document(run.facts.created))
        self._drive(self._make_current(run, folder))
        return run

    def resume(self, waiting: Waiting) -> None:
        """Go on waiting with what the master before this one was asked for."""
        document = waiting.document
        request = parse_request(document["request"])
        created = from_iso(document["created"])
        run = self._runs.take_over(waiting.folder, request, created, document["states"])
        current = self._make_current(run, waiting.folder)
        if lacks_secrets(request.args):
            reason = "the master was restarted, which keeps no secret options"
            current.close(Ending("secrets_lost", reason))
        else:
            self._drive(current)

    def stop(self, run: Run, how: str) -> None:
        """End the active run, on somebody's wish. Returns at once."""
        current = self._current
        if current and current.run is run and not run.lifecycle.is_over:
            self._end(current, stopped(run, how, current.clock.now()))

    def end_by_test(self) -> bool:
        """End the run that goes on, on the wish of its own code; False when there is none."""
        current = self._current if self.active and not self._quitting else None
        if current is None or current.run.times.started is None:
            return False
        if current.run.lifecycle.ending is None:
            self._end(current, ended_by_test(current.run, current.clock.now()))
        return True

    @listener
    def test_start(self, **_: object) -> None:
        """Locust has begun: with what we asked for, or with what the page asked for."""
        current = self._current if self.active else None
        if current is None or current.run.lifecycle.now != "starting":
            if current:
                self._displace(current)
            current = self._of_page()
        current.begin(self._abort_if_missed)
        current.note_absent(self._absent_fleets)

    @listener
    def test_stopping(self, **_: object) -> None:
        """Locust begins to stop the users."""
        current = self._current
        if current is None or current.run.times.started is None or current.run.lifecycle.is_over:
            return
        now, lifecycle = current.clock.now(), current.run.lifecycle
        ending = lifecycle.will_end(ended_by_locust(current.run, now, self._locust))
        current.run.times.load_ended = now
        if lifecycle.now != "stopping":
            current.apply("users_stopping", ending.reason)

    @listener
    def test_stop(self, **_: object) -> None:
        """All users are gone and the workers have reported their last requests."""
        current = self._current
        if current is None or current.run.lifecycle.is_over:
            return
        # One of the API that waits or starts has a test yet to come, whatever of another ends here.
        if current.run.times.started is not None or current.run.facts.source == "page":
            current.close(self._how_it_ends(current))

    def machine_leaves(self, leaving: Leaving) -> None:
        """AWS is about to end a machine, whose processes leave in order."""
        if self._current and self.active and self.active.times.started is not None:
            self._current.note_interruption(leaving)

    @listener
    def reset_stats(self, **_: object) -> None:
        """By the page's button, or by us at the end of a warm-up."""
        if self._current and self.active and self.active.times.started is not None:
            self._current.restart_measuring()

    @listener
    def quitting(self, **_: object) -> None:
        """Before Locust's own listener, which stops the test. A run that waits goes on waiting."""
        self._quitting = True
        if self._driver:
            self._driver.kill(block=False)
        if self._current and self.active and self.active.lifecycle.now == "starting":
            self._current.close(self._how_it_ends(self._current))

    def _how_it_ends(self, current: ActiveRun) -> Ending:
        if self._quitting:
            return Ending("master_stopped", "the master was stopped during the run")
        return current.run.lifecycle.ending or Ending("test_ended", "")

    def _make_current(self, run: Run, folder: RunFolder) -> ActiveRun:
        self._current = self._activate(run, folder)
        return self._current

    def _drive(self, current: ActiveRun) -> None:
        self._driver = gevent.spawn(drive, current, self._locust, self._workers)
        self._driver.link_value(lambda _: self._driven(current))

    def _driven(self, current: ActiveRun) -> None:
        """Its run time is over, or it failed; an open-ended run just goes on."""
        lifecycle = current.run.lifecycle
        if lifecycle.ending and not lifecycle.is_over:
            self._end(current, lifecycle.ending)

    def _end(self, current: ActiveRun, ending: Ending) -> None:
        current.run.lifecycle.will_end(ending)
        if self._driver and self._driver is not gevent.getcurrent():
            self._driver.unlink_all()  # to be killed is an end of its own, and would stop twice
            self._driver.kill(block=False)
        if current.run.lifecycle.now in AWAITING:
            current.close(ending)
        else:
            gevent.spawn(self._stop_locust, current)

    def _stop_locust(self, current: ActiveRun) -> None:
        self._locust.stop()
        # Without users there is nothing to stop for Locust, and no event.
        if not current.run.lifecycle.is_over:
            current.close(self._how_it_ends(current))

    def _abort_if_missed(self, current: ActiveRun) -> None:
        missed = current.judge.missed_for_good(current.clock.now())
        if missed and current.run.lifecycle.ending is None:
            reason = f"aborted: {missed.expression}: {missed.message}"
            self._end(current, Ending("aborted", reason))

    def _of_page(self) -> ActiveRun:
        """A run for a test that was started in Locust's page."""
        request = replace(self._locust.request_of_page(), shares=self._workers.shares())
        run, folder = self._runs.make("page", request, time.time())
        self._workers.accept(run)
        run.apply("started_in_page", run.facts.created)
        current = self._make_current(run, folder)
        current.open_log()
        return current

    def _displace(self, current: ActiveRun) -> None:
        """The page starts a test in spite of a run."""
        ending = displaced(current.run)
        if current.run.times.started is None:
            if self._driver:
                self._driver.kill(block=False)
            current.close(ending)
        else:
            current.abandon(ending)
