"""Does AWS want this machine back? Asks the metadata service, and remembers the answer."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from locust_cluster.common.draining import Draining, describe, read_draining, write_draining
from locust_cluster.common.iso_time import from_iso, iso
from locust_cluster.common.metadata import MetadataError, ask_metadata
from locust_cluster.service.journal import say

ASK_EVERY_S = 5
"""As AWS advises (EC2 User Guide, "Spot Instance interruption notices")."""

SPOT = "spot/instance-action"
GROUP = "autoscaling/target-lifecycle-state"
REBALANCE = "events/recommendations/rebalance"

ACTIONS = ("terminate", "stop", "hibernate")

ENDED = "Terminated"

Ask = Callable[[Sequence[str]], Mapping[str, str]]


class EndNotices:
    """Of one machine of a fleet."""

    def __init__(self, state_dir: Path, ask: Ask = ask_metadata) -> None:
        self._state_dir = state_dir
        self._ask = ask
        self.draining = read_draining(state_dir)
        """Why this machine leaves; None while it stays."""
        self._is_marked = self.draining is not None
        self.rebalance: str | None = None
        """When AWS has said that it may soon take the machine back: only noted."""

    def look(self, now: float) -> None:
        """Ask once. `now` in seconds since 1970.

        Raises OSError when the mark cannot be written: on a full disk. The service itself knows
        all the same, and the next look tries again.
        """
        if self.draining is None:
            self._learn(now)
        if self.draining is not None and not self._is_marked:
            write_draining(self._state_dir, self.draining)
            self._is_marked = True

    def _learn(self, now: float) -> None:
        try:
            told = self._ask((SPOT, GROUP, REBALANCE))
        except MetadataError:
            return  # asked again, and no news
        if self.rebalance is None and (text := told.get(REBALANCE)):
            self.rebalance = _time_of(text, "noticeTime") or iso(now)
            say("AWS recommends a rebalance: it may take this machine back soon")
        if draining := _read(told, iso(now)):
            self.draining = draining
            say(f"this machine leaves the cluster: {describe(draining)}")

    def run_forever(self) -> None:
        """To be run in a thread of its own; returns when there is nothing more to learn."""
        while not self._is_marked:
            try:
                self.look(time.time())
            except Exception as error:
                say(f"the notices of AWS: {type(error).__name__}: {error}")
            time.sleep(ASK_EVERY_S)


def _read(told: Mapping[str, str], now: str) -> Draining | None:
    spot = _object(told.get(SPOT, ""))
    if spot.get("action") in ACTIONS:
        return Draining("spot", now, _time_of(told[SPOT], "time"))
    return Draining("group", now) if told.get(GROUP) == ENDED else None


def _time_of(text: str, field: str) -> str | None:
    try:
        return iso(from_iso(_object(text)[field]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _object(text: str) -> dict[str, str]:
    """{} of garbage."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
