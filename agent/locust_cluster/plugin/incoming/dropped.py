"""How many messages were dropped, and why the last one. Pure."""

import logging
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

TELL_EVERY_S = 10
"""A flood of bad messages fills no disk with lines about it."""


class Dropped:
    """Of one master since its start."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.count = 0
        self.last: str | None = None
        """Why: one sentence."""
        self._clock = clock
        self._told_at = -float(TELL_EVERY_S)
        self._told = 0

    def add(self, reason: str) -> None:
        """Count a message, and say so at once or in the next line about others."""
        self.count += 1
        self.last = reason
        now = self._clock()
        if now - self._told_at >= TELL_EVERY_S:
            new = self.count - self._told
            logger.warning("dropped %d messages on the workers' port, the last: %s", new, reason)
            self._told_at, self._told = now, self.count
