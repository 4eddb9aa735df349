"""A fleet: elastic machines, and how many of them there should be. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

LEAST_NOTICE_S = 300
"""A master renews what it has scheduled once a minute: it may be away for some of these."""

JUST_S = 15
"""A run's end may be noticed so much later than it was."""


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
    spot: bool = False
    """AWS may take its machines away."""


@dataclass(frozen=True)
class Demand:
    """What runs need of a fleet."""

    machines: int
    until: float | None = None
    """When the machines may go, in seconds since 1970; None while a run needs them."""
    run: str = ""
    """The run that has asked for so many; empty where none has."""


@dataclass(frozen=True)
class Need:
    """What the run that is not over has asked of a fleet."""

    run: str
    machines: int
    since: float
    """When it was asked for, in seconds since 1970."""
    ends: float | None = None
    """When it will be over by its plan, in seconds since 1970; None for one without an end."""


@dataclass(frozen=True)
class Scaled:
    """What somebody has set a fleet to by hand, while no run was there."""

    machines: int
    at: float
    """In seconds since 1970."""


def desired(fleet: Fleet, demand: Demand | None, now: float) -> int:
    """The capacity that its Auto Scaling group should have. `now` in seconds since 1970."""
    is_needed = demand is not None and (demand.until is None or now < demand.until)
    needed = demand.machines if demand and is_needed else 0
    return min(max(fleet.size, needed), fleet.max)


def next_demand(
    last: Demand | None,
    started: int | None,
    need: Need | None,
    testing: bool,
    idle: int,
    now: float,
) -> Demand | None:
    """What runs need of a fleet of which so many machines are there; None: nobody knows.

    From its request to its end a run needs what it has asked for, and all that is there: no machine
    leaves a test. Nobody knows whether another one follows: for `idle` seconds after it the
    machines stay, and those that never came are not waited for. `now` in seconds since 1970.
    """
    if need or testing:
        return _grown(last, started, need)
    if last is None:
        return None
    if last.until is not None:
        return last if now < last.until else None
    there = last.machines if started is None else min(last.machines, started)
    return Demand(there, now + idle, last.run)


def _grown(last: Demand | None, started: int | None, need: Need | None) -> Demand:
    asked = need.machines if need else 0
    goes_on = last is not None and (last.until is None or started is None)
    kept = last.machines if last and goes_on else 0
    machines = max(asked, kept, started or 0)
    if need and asked == machines:
        return Demand(machines, run=need.run)
    return Demand(machines, run=last.run if last else "")


def is_replaced(demand: Demand, scaled: Scaled, idle: int) -> bool:
    """Was a fleet set by hand when the run was over that has left this demand?"""
    return demand.until is not None and demand.until - idle <= scaled.at + JUST_S


def with_scaled(demand: Demand | None, scaled: Scaled | None, idle: int) -> Demand | None:
    """What runs need of a fleet and, for `idle` seconds, at least what was set by hand."""
    if scaled is None:
        return demand
    if demand is None:
        return Demand(scaled.machines, scaled.at + idle)
    return replace(demand, machines=max(demand.machines, scaled.machines))


def back_at(fleet: Fleet, demand: Demand, ends: float | None, now: float) -> float:
    """When a group goes back to its size by itself, should its master not come back until then.

    `ends` is when the run that needs it will be over.
    """
    until = max(now, ends or now) + fleet.idle if demand.until is None else demand.until
    return max(until, now + LEAST_NOTICE_S)


def why_more(name: str, fleet: Fleet, demand: Demand, need: Need, started: int) -> str | None:
    """Which run or size keeps more machines than the present run has asked for."""
    if started <= need.machines:
        return None
    if fleet.size >= started:
        return f"{started} machines are up: fleets.{name}.size is {fleet.size}"
    if demand.run and demand.run != need.run:
        return f"{started} machines are up: run {demand.run} has asked for them"
    return f"{started} machines are up, and none leaves during a run"
