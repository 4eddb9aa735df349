"""The clock of a run."""

import time


class RunClock:
    """Seconds since 1970 that only go forward, however the machine's clock is set meanwhile.

    Rows, thresholds and run time of one run go by it: they would stand still while a clock that was
    set back repeats its hour.
    """

    def __init__(self, begin: float) -> None:
        self._ahead = begin - time.monotonic()

    def now(self) -> float:
        return self._ahead + time.monotonic()
