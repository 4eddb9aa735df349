"""A disk that cannot be written must not disturb the test: it is told once and tried again."""

import contextlib
import logging
from collections.abc import Iterator

logger = logging.getLogger(__name__)


class DiskTrouble:
    """Of one run."""

    def __init__(self, run: str) -> None:
        self._run = run
        self.last: OSError | None = None

    @contextlib.contextmanager
    def tolerated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if self.last is None:
                logger.error("run %s cannot be written, the test goes on: %s", self._run, error)
            self.last = error
        else:
            self.last = None
