"""When a fleet is looked at again. Pure. Times by the steady clock."""

from dataclasses import dataclass, field

from locust_cluster.service.backoff import Backoff

ASK_EVERY_S = 60
"""A group is asked for at once when sizes change or a run begins or ends, and else so often."""

ASK_SOON_S = 5
"""While machines are missing that somebody waits for."""


def _backoff() -> Backoff:
    return Backoff(longest_s=ASK_EVERY_S)


@dataclass
class Pace:
    """Of one fleet: what AWS refuses it slows no other."""

    due: float = 0.0
    renewal_due: float = 0.0
    """When its way back is scheduled anew."""
    _failures: Backoff = field(default_factory=_backoff)

    def waits(self, now: float) -> bool:
        """AWS has just refused something."""
        return now < self._failures.until

    def begin(self, now: float, is_new: bool) -> bool:
        """It is looked at. Returns whether its way back is scheduled anew."""
        self.due = now + ASK_EVERY_S
        is_renewed = is_new or now >= self.renewal_due
        if is_renewed:
            self.renewal_due = self.due
        return is_renewed

    def worked(self, now: float, is_short: bool) -> None:
        self._failures.worked()
        if is_short:
            self.due = now + ASK_SOON_S

    def failed(self, now: float) -> int:
        """Returns in how many seconds it is tried again."""
        wait_s = self._failures.failed(now)
        self.due = self.renewal_due = now + wait_s
        return wait_s
