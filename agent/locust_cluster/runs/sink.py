"""Where a run's rows, files and end go. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from locust_cluster.common.documents import api


@dataclass(frozen=True)
class Row:
    """The figures of one moment."""

    figures: Mapping[str, Any]
    """By the columns of the timeline."""
    history_header: str
    history_line: str
    """The same in Locust's own format, that of stats_history.csv."""


class Sink(Protocol):
    """Of one run. Only `close` raises: a sink that takes nothing must not disturb the test."""

    def add_row(self, row: Row) -> None: ...

    def write_file(self, name: str, content: str) -> None:
        """A table of Locust's, in the place of the one before."""
        ...

    def write_run(self, document: api.Run) -> None:
        """The run as the API shows it now."""
        ...

    def close(self, document: api.Run, files: Mapping[str, str]) -> None:
        """The run as it has ended, and its last files, content by name.

        Raises OSError while these cannot be kept: the run is not over then, and this is called
        again.
        """
        ...
