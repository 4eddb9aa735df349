"""master.log of a run: what the master logs while the run lasts."""

import contextlib
import logging
import os
from io import TextIOWrapper
from pathlib import Path

from locust_cluster.common.plain_files import open_to_append

MOST_BYTES = 10 << 20
"""A test that logs every request must not fill the disk."""

FORMAT = "[%(asctime)s] %(levelname)s/%(name)s: %(message)s"


logger = logging.getLogger(__name__)


class RunLog(logging.Handler):
    """Appends to a file, up to a limit. Never raises into Locust: a run needs no log."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(FORMAT))
        self._path = file
        self._left = MOST_BYTES
        # Locust's logger does not pass on to the root.
        self._loggers = [logging.getLogger(), logging.getLogger("locust")]
        self._file: TextIOWrapper | None = None

    def start(self) -> None:
        try:
            self._file = os.fdopen(open_to_append(self._path), "a", encoding="utf-8")
        except OSError as error:
            logger.error("run %s has no master.log: %s", self._path.parent.name, error)
            return
        for each in self._loggers:
            each.addHandler(self)

    def stop(self) -> None:
        for each in self._loggers:
            each.removeHandler(self)
        if self._file:
            with contextlib.suppress(OSError):  # what could not be flushed to a full disk
                self._file.close()

    def emit(self, record: logging.LogRecord) -> None:
        if self._left <= 0 or self._file is None or self._file.closed:
            return
        try:
            line = self.format(record) + "\n"
            self._left -= len(line)
            if self._left <= 0:
                line += f"the log of this run ends here: it has {MOST_BYTES >> 20} MiB\n"
            self._file.write(line)
            self._file.flush()
        except (OSError, ValueError):
            pass  # a full disk is no reason to disturb the test
