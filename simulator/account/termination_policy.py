"""Which machines leave when a group shrinks."""

from __future__ import annotations

from collections import Counter

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState

from group_members import members


def chosen(group: FakeAutoScalingGroup, count: int) -> list[InstanceState]:
    """User Guide, "Configure termination policies": from the zone that has most, there by the policy; of one template
    the oldest machine. Without those that are protected."""
    left = [state for state in members(group) if not state.protected_from_scale_in]
    found: list[InstanceState] = []
    while left and len(found) < count:
        zones = Counter(state.availability_zone for state in left)
        fullest = [state for state in left if zones[state.availability_zone] == max(zones.values())]
        first = min(fullest, key=version) if "OldestLaunchTemplate" in group.termination_policies else fullest[0]
        left.remove(first)
        found.append(first)
    return found


def version(state: InstanceState) -> int:
    template = state.launch_template
    return int(template["Version"]) if template else 0
