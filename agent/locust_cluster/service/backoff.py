"""How long to leave alone what has failed. Pure."""

from dataclasses import dataclass

RETRY_S = (5, 10, 20, 30)


@dataclass
class Backoff:
    """After what failed, waits longer each time."""

    failures: int = 0
    until: float = 0.0

    def failed(self, now: float) -> int:
        """Returns for how many seconds it waits now."""
        wait_s = RETRY_S[min(self.failures, len(RETRY_S) - 1)]
        self.failures += 1
        self.until = now + wait_s
        return wait_s

    def worked(self) -> None:
        self.failures, self.until = 0, 0.0
