"""How many machines of a fleet runs need. Pure. Times in seconds since 1970."""

from dataclasses import dataclass, replace

from locust_cluster.common.fleet import Fleet, Need, Scaled

LEAST_NOTICE_S = 300
"""A master renews what it has scheduled once a minute: it may be away for some of these."""

BY_HAND = "hand"
"""No run is called so."""


@dataclass(frozen=True)
class Demand:
    """What runs need of a fleet."""

    machines: int
    need: Need
    """Of the run that is on, or of the last one."""
    asked_by: str = ""
    """The run that has asked for so many, or BY_HAND; empty where nobody has."""
    until: float | None = None
    """When the machines may go; None while a run needs them."""


@dataclass(frozen=True)
class Seen:
    """What is known of a fleet at one moment."""

    started: int | None = None
    """Its machines; None while AWS does not say."""
    need: Need | None = None
    """Of the run that is not over."""
    testing: bool = False
    """A test is on."""
    is_silent: bool = False
    """Nobody can tell whether a run is there."""
    scaled: Scaled | None = None
    """By hand, if it still holds."""


def desired(fleet: Fleet, demand: Demand | None, now: float) -> int:
    """The capacity that its Auto Scaling group should have."""
    is_needed = demand is not None and (demand.until is None or now < demand.until)
    needed = demand.machines if demand and is_needed else 0
    return min(max(fleet.size, needed), fleet.max)


def next_demand(last: Demand | None, seen: Seen, idle: int, now: float) -> Demand | None:
    """What runs need by now; None: nothing.

    From its request to its end a run needs what it has asked for, and all that is there: no machine
    leaves a test. Nobody knows whether another one follows: for `idle` seconds after it the
    machines stay, and those that never came are not waited for.
    """
    if need := seen.need or _untold(last, seen, now):
        return _needed(last, seen, need)
    if last is None or _is_overruled(last, seen.scaled):
        return None
    if last.until is not None:
        return last if now < last.until else None
    if seen.is_silent:
        return replace(last, until=back_at(last, idle, now))
    there = last.machines if seen.started is None else min(last.machines, seen.started)
    return replace(last, machines=there, until=now + idle)


def _untold(last: Demand | None, seen: Seen, now: float) -> Need | None:
    """Of a test of which its process alone tells, or of a run that has fallen silent in it."""
    if not seen.testing:
        return None
    return last.need if last and last.until is None else Need("", None, now)


def _needed(last: Demand | None, seen: Seen, need: Need) -> Demand:
    asked = need.machines or 0
    is_first = last is None or replace(last.need, ends=None) != replace(need, ends=None)
    kept = 0 if last is None or (is_first and seen.started is not None) else last.machines
    machines = max(asked, kept, seen.started or 0)
    if last and is_first and seen.started is None:
        # What the run before has missed is given up as soon as AWS says what is there.
        need = last.need
    return Demand(machines, need, _asked_by(machines, last, seen))


def _asked_by(machines: int, last: Demand | None, seen: Seen) -> str:
    if seen.need and seen.need.machines == machines:
        return seen.need.run
    if seen.scaled and seen.scaled.machines >= machines:
        return BY_HAND
    return last.asked_by if last and last.machines >= machines else ""


def _is_overruled(demand: Demand, scaled: Scaled | None) -> bool:
    """Was the fleet set by hand after the run that has left this demand?

    It cannot be set between a run's request and its end, however late that end is noticed.
    """
    return scaled is not None and demand.need.since < scaled.at


def with_scaled(demand: Demand | None, scaled: Scaled | None, idle: int) -> Demand | None:
    """What runs need of a fleet and, for `idle` seconds, at least what was set by hand."""
    if scaled is None:
        return demand
    if demand is None:
        return Demand(scaled.machines, Need("", None, scaled.at), BY_HAND, scaled.at + idle)
    return replace(demand, machines=max(demand.machines, scaled.machines))


def back_at(demand: Demand, idle: int, now: float) -> float:
    """When a group goes back to its size by itself, should its master not come back until then."""
    until = max(now, demand.need.ends or now) + idle if demand.until is None else demand.until
    return max(until, now + LEAST_NOTICE_S)
