"""AZRebalance: a group whose zones have differing numbers of machines starts one where there are few, then ends one
where there are many (User Guide, "Rebalancing activities")."""

from __future__ import annotations

from collections import Counter

from moto.autoscaling.models import FakeAutoScalingGroup

import relaunches
from activities import Batch, at
from group_launches import by_fewest
from group_members import begin, members
from processes import runs

balancing: set[FakeAutoScalingGroup] = set()

STARTED = "an instance was launched to aid in balancing the group's zones."


def balance(group: FakeAutoScalingGroup) -> None:
    """For a group that has as many as it should. AWS's causes are told from memory."""
    there = members(group)
    if any(state.lifecycle_state != "InService" for state in there) or not relaunches.may_ask(group):
        return
    if not (runs(group, "AZRebalance") and runs(group, "Launch")):
        return
    counts = Counter(state.instance.subnet_id for state in there)
    fewest = by_fewest(group)[0]
    if there and max(counts.values()) - counts[fewest] > 1 and begin(group, f"{at()} {STARTED}", Batch(group), fewest):
        balancing.add(group)


def has_too_many_for_now(group: FakeAutoScalingGroup) -> bool:
    """The machine that is to take another's place is not in service yet."""
    if group in balancing and all(state.lifecycle_state == "InService" for state in members(group)):
        balancing.remove(group)
    return group in balancing
