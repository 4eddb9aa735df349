"""The end of a run, tried until its sinks have it: then it is over for its readers."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

import gevent

from locust_cluster.runs.clock import RunClock
from locust_cluster.runs.lifecycle import Ending, Lifecycle
from locust_cluster.runs.run import Run
from locust_cluster.runs.sink import Sink

logger = logging.getLogger(__name__)

RETRY_S = 2


class Closing:
    """Of one run. Until it has been written the run stays in the state that it had."""

    def __init__(
        self,
        run: Run,
        sinks: Sequence[Sink],
        clock: RunClock,
        ending: Ending,
        files: Mapping[str, str],
    ) -> None:
        self._run = run
        self._sinks = list(sinks)
        """Those that have not taken the end yet, the first of which is asked first."""
        self._ended = clock.now()
        self._ending = ending
        self._reason = run.lifecycle.reason
        """Of the state that it ends from."""
        self._files = files
        """Content by name."""

    def write(self) -> None:
        """Returns at once: on a full disk a greenlet goes on, as long as this process lives."""
        if not self._try():
            logger.error("run %s: %s", self._run.id, self._run.lifecycle.reason)
            gevent.spawn(self._go_on)

    def _go_on(self) -> None:
        while not self._try():
            gevent.sleep(RETRY_S)
        logger.info("run %s is written now", self._run.id)

    def _try(self) -> bool:
        run, event, reason = self._run, self._ending.event, self._ending.reason or None
        run.lifecycle.explain(self._reason)
        over = replace(run, lifecycle=Lifecycle(run.lifecycle.history), times=replace(run.times))
        over.apply(event, self._ended, reason)
        document = over.to_document(self._ended)
        try:
            while self._sinks:
                self._sinks[0].close(document, self._files)
                self._sinks.pop(0)
        except OSError as error:
            run.lifecycle.explain(f"its files cannot be written, trying again: {error.strerror}")
            return False
        run.apply(event, self._ended, reason)
        return True
