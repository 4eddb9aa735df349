"""How long to leave alone what has failed. Pure."""

from dataclasses import dataclass

FIRST_S = 5


@dataclass
class Backoff:
    """After what failed, waits twice as long each time, up to `longest_s`."""

    longest_s: int = 30
    failures: int = 0
    until: float = 0.0

    def failed(self, now: float) -> int:
        """Returns for how many seconds it waits now."""
        wait_s = min(self.longest_s, FIRST_S << min(self.failures, 10))
        self.failures += 1
        self.until = now + wait_s
        return wait_s

    def worked(self) -> None:
        self.failures, self.until = 0, 0.0
