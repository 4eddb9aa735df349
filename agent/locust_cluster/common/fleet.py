"""A fleet: elastic machines, and how many of them there should be. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LEAST_NOTICE_S = 300
"""A master renews what it has scheduled once a minute: it may be away for some of these."""


@dataclass(frozen=True)
class Fleet:
    """One of `fleets` of current.json."""

    region: str
    size: int
    """Machines that are always there."""
    max: int
    """Machines that a run may ask for."""
    idle: int
    """Seconds without a run until it shrinks to its size."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """For the locustfile, beside those of all machines."""


@dataclass(frozen=True)
class Demand:
    """What runs need of a fleet."""

    machines: int
    until: float | None = None
    """When the machines may go, in seconds since 1970; None while a run needs them."""


def desired(fleet: Fleet, demand: Demand | None, now: float) -> int:
    """The capacity that its Auto Scaling group should have. `now` in seconds since 1970."""
    is_needed = demand is not None and (demand.until is None or now < demand.until)
    needed = demand.machines if demand and is_needed else 0
    return min(max(fleet.size, needed), fleet.max)


def next_demand(
    last: Demand | None, capacity: int, testing: bool, idle: int, now: float
) -> Demand | None:
    """What runs need of a fleet that has this capacity now.

    A run needs what is there, and nobody knows yet whether another one follows: for `idle` seconds
    after it the machines stay. `now` in seconds since 1970.
    """
    if testing:
        return Demand(max(capacity, last.machines if last else 0))
    if last is None:
        return None
    until = now + idle if last.until is None else last.until
    return Demand(last.machines, until) if now < until else None


def back_at(fleet: Fleet, demand: Demand, now: float) -> float:
    """When a group goes back to its size by itself, should its master not come back until then."""
    until = now + fleet.idle if demand.until is None else demand.until
    return max(until, now + LEAST_NOTICE_S)
