"""Writes what a run produces into its folder."""

import contextlib
import logging
from collections.abc import Iterator, Mapping

from locust_cluster.common.constants import TIMELINE_FILE
from locust_cluster.common.documents import api
from locust_cluster.runs import timeline
from locust_cluster.runs.archive import RunFolder
from locust_cluster.runs.sink import Row

HISTORY_FILE = "stats_history.csv"

logger = logging.getLogger(__name__)


class FolderSink:
    """A disk that cannot be written is told once, and tried again with every row."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._trouble: OSError | None = None
        self._last: set[str] = set()
        """Names of last files that are written."""

    def add_row(self, row: Row) -> None:
        with self._tolerated():
            line = timeline.to_line(row.figures)
            self._folder.append(TIMELINE_FILE, timeline.header(row.figures), line)
            self._folder.append(HISTORY_FILE, row.history_header, row.history_line)

    def write_file(self, name: str, content: str) -> None:
        with self._tolerated():
            self._folder.write(name, content)

    def write_run(self, document: api.Run) -> None:
        with self._tolerated():
            self._folder.write_run(document)

    def close(self, document: api.Run, files: Mapping[str, str]) -> None:
        """What says that the run is over is on the disk after all else."""
        for name, content in files.items():
            if name not in self._last:
                self._folder.write(name, content)
                self._last.add(name)
        self._folder.sync()
        self._folder.write_run(document)
        self._folder.sync()

    @contextlib.contextmanager
    def _tolerated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if self._trouble is None:
                run = self._folder.id
                logger.error("run %s cannot be written, the test goes on: %s", run, error)
            self._trouble = error
        else:
            self._trouble = None
