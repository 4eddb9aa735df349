"""The end of a run, tried until it is on disk: a run is over for its readers when its files are."""

import logging
from dataclasses import replace

import gevent

from locust_cluster.runs.archive import RunFolder
from locust_cluster.runs.clock import RunClock
from locust_cluster.runs.lifecycle import Ending, Lifecycle
from locust_cluster.runs.run import Run

logger = logging.getLogger(__name__)

RETRY_S = 2


class Closing:
    """Of one run. Until it has been written the run stays in the state that it had."""

    def __init__(
        self,
        run: Run,
        folder: RunFolder,
        clock: RunClock,
        ending: Ending,
        files: dict[str, str],
    ) -> None:
        self._run = run
        self._folder = folder
        self._ended = clock.now()
        self._ending = ending
        self._reason = run.lifecycle.reason
        """Of the state that it ends from."""
        self._files = files
        """Content by name, as far as it is not on disk yet."""

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
        over = replace(run, lifecycle=Lifecycle(run.lifecycle.history))
        try:
            for name in list(self._files):
                self._folder.write(name, self._files[name])
                del self._files[name]
            self._folder.sync()
            over.apply(event, self._ended, reason)
            self._folder.write_run(over.to_document(self._ended))
            self._folder.sync()
        except OSError as error:
            run.lifecycle.explain(f"its files cannot be written, trying again: {error.strerror}")
            return False
        run.apply(event, self._ended, reason)
        return True
