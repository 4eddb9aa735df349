"""A fleet: elastic machines, and what is asked of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
class Need:
    """What a run asks of a fleet."""

    run: str
    """Empty for a test of which only a process has told."""
    machines: int | None
    """None when it asks this fleet for nothing: what is there works for it all the same."""
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
