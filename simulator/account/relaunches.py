"""When a group asks AWS again for what it did not get: later after each failure in a row."""

from __future__ import annotations

import time

from moto.autoscaling.models import FakeAutoScalingGroup

from lifecycle import delays

LONGEST = 4
"""Times the first pause. AWS publishes no pauses; its users see about a minute, then more."""

failures: dict[FakeAutoScalingGroup, int] = {}
again_at: dict[FakeAutoScalingGroup, float] = {}


def failed(group: FakeAutoScalingGroup) -> None:
    pause = delays.relaunch * min(2 ** failures.get(group, 0), LONGEST)
    failures[group] = failures.get(group, 0) + 1
    again_at[group] = time.monotonic() + pause


def worked(group: FakeAutoScalingGroup) -> None:
    """A machine is in service. One that began together with a failure ends no pause."""
    if may_ask(group):
        forget(group)


def forget(group: FakeAutoScalingGroup) -> None:
    """The group is told to have another capacity."""
    failures.pop(group, None)
    again_at.pop(group, None)


def may_ask(group: FakeAutoScalingGroup) -> bool:
    return time.monotonic() >= again_at.get(group, 0)
