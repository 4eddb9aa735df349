"""How many machines a fleet should have, by what runs need and needed."""

from dataclasses import replace

import pytest

from locust_cluster.common.fleet import Fleet, Need, Scaled
from locust_cluster.service.demand import (
    BY_HAND,
    Demand,
    Seen,
    back_at,
    desired,
    next_demand,
    with_scaled,
)

FLEET = Fleet(region="us-east-1", size=2, max=5, idle=60)

NOW = 1000.0

TEST = Need("", None, NOW)
"""One that nobody tells of but its process."""

A = Need("a", 9, NOW - 900)
B = Need("b", 4, NOW)
PAGE = Need("page", None, NOW)


@pytest.mark.parametrize(
    ("demand", "capacity"),
    [
        (None, 2),
        (Demand(0, B), 2),
        (Demand(4, B), 4),
        (Demand(9, B), 5),
        (Demand(4, B, until=NOW + 1), 4),
        (Demand(4, B, until=NOW), 2),
    ],
)
def test_has_its_size_or_what_a_run_needs_up_to_its_maximum(
    demand: Demand | None, capacity: int
) -> None:
    assert desired(FLEET, demand, NOW) == capacity


def test_a_test_needs_what_is_there_and_frees_it_when_nothing_has_run_for_so_long() -> None:
    def follow(last: Demand | None, started: int, testing: bool, now: float) -> Demand | None:
        return next_demand(last, Seen(started, testing=testing), FLEET.idle, now)

    assert follow(None, 3, False, NOW) is None
    began = follow(None, 3, True, NOW)
    assert began == Demand(3, TEST)
    # Somebody took one away: a run that goes on needs it.
    assert follow(began, 2, True, NOW + 10) == Demand(3, TEST)
    assert follow(began, 4, True, NOW + 10) == Demand(4, TEST)
    over = follow(began, 3, False, NOW + 20)
    assert over == Demand(3, TEST, until=NOW + 80)
    assert follow(over, 3, False, NOW + 79) == over
    # The next one begins in time.
    assert follow(over, 3, True, NOW + 79) == Demand(3, replace(TEST, since=NOW + 79))
    assert follow(over, 3, False, NOW + 80) is None


@pytest.mark.parametrize(
    ("idle", "demand", "seconds"),
    [
        (600, Demand(3, B), 600),
        (600, Demand(3, B, until=NOW + 400), 400),
        # A master that starts again must not come too late.
        (10, Demand(3, B), 300),
        (600, Demand(3, B, until=NOW + 1), 300),
        # Some time after the end of the run. One that is late is waited for: what is scheduled is
        # renewed meanwhile.
        (600, Demand(3, replace(B, ends=NOW + 900)), 1500),
        (600, Demand(3, replace(B, ends=NOW - 5)), 600),
    ],
)
def test_goes_back_by_itself_when_its_master_has_been_away_for_some_time(
    idle: int, demand: Demand, seconds: int
) -> None:
    assert back_at(demand, idle, NOW) == NOW + seconds


def at(last: Demand | None, started: int | None, need: Need | None) -> Demand | None:
    return next_demand(last, Seen(started, need), FLEET.idle, NOW)


LEFT = Demand(9, A, "a", NOW + 9)
"""By run a, a moment ago."""


@pytest.mark.parametrize(
    ("last", "started", "need", "demand"),
    [
        # From its request on, before any test has begun.
        (None, 0, B, Demand(4, B, "b")),
        (None, 0, replace(B, machines=0), Demand(0, replace(B, machines=0), "b")),
        (Demand(4, B, "b"), 1, B, Demand(4, B, "b")),
        # One that asks for fewer takes what is there, and not what the one before has missed.
        (LEFT, 6, B, Demand(6, B, "a")),
        (LEFT, 2, B, Demand(4, B, "b")),
        (None, 6, B, Demand(6, B)),
        # Nor does one that follows at once, or that asks for nothing.
        (replace(LEFT, until=None), 6, B, Demand(6, B, "a")),
        (replace(LEFT, until=None), 2, PAGE, Demand(2, PAGE, "a")),
        # What it has lost since is replaced.
        (Demand(6, B, "a"), 5, B, Demand(6, B, "a")),
        (Demand(6, replace(B, ends=NOW), "a"), 5, B, Demand(6, B, "a")),
        # It begins with fewer than it has asked for.
        (Demand(6, replace(B, machines=6), "b"), 3, B, Demand(4, B, "b")),
        (Demand(6, replace(B, machines=6), "b"), 5, B, Demand(5, B, "b")),
        # Machines that were set by hand are none of an earlier run's.
        (Demand(2, A, "a", NOW + 9), 6, B, Demand(6, B)),
        (None, None, B, Demand(4, B, "b")),
    ],
)
def test_a_run_needs_what_it_asks_for_and_what_is_there(
    last: Demand | None, started: int | None, need: Need, demand: Demand
) -> None:
    assert at(last, started, need) == demand


def test_nothing_is_given_up_while_nobody_knows_what_is_there() -> None:
    unknown = at(LEFT, None, B)
    assert unknown == Demand(9, A, "a")
    assert at(unknown, None, B) == unknown
    assert at(unknown, 2, B) == Demand(4, B, "b")


def test_machines_that_never_came_are_not_waited_for_when_the_run_is_over() -> None:
    asked = Demand(9, A, "a")
    assert at(asked, 4, None) == Demand(4, A, "a", NOW + 60)
    assert at(asked, 0, None) == Demand(0, A, "a", NOW + 60)
    assert at(asked, None, None) == Demand(9, A, "a", NOW + 60)
    # A size set meanwhile, or by hand, is none of the run's.
    assert at(asked, 12, None) == Demand(9, A, "a", NOW + 60)


def test_a_run_of_which_nobody_knows_whether_it_is_over_keeps_its_machines_for_its_plan() -> None:
    going = Demand(4, replace(B, ends=NOW + 900), "b")
    silent = Seen(4, is_silent=True)
    left = next_demand(going, silent, FLEET.idle, NOW)
    assert left == replace(going, until=NOW + 960)
    assert next_demand(left, silent, FLEET.idle, NOW + 959) == left
    assert next_demand(left, silent, FLEET.idle, NOW + 960) is None
    assert next_demand(None, silent, FLEET.idle, NOW) is None
    # Its process says that it goes on, or its master is back.
    testing = replace(silent, testing=True)
    assert next_demand(going, testing, FLEET.idle, NOW) == going
    assert at(left, 3, B) == Demand(4, B, "b")


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        (None, Demand(4, TEST, BY_HAND, NOW + 60)),
        (Demand(2, A, "a"), Demand(4, A, "a")),
        (Demand(5, A, "a"), Demand(5, A, "a")),
        (Demand(2, A, "a", NOW + 90), Demand(4, A, "a", NOW + 90)),
    ],
)
def test_has_what_was_set_by_hand_and_what_runs_need(
    demand: Demand | None, expected: Demand
) -> None:
    assert with_scaled(demand, Scaled(4, NOW), FLEET.idle) == expected
    assert with_scaled(demand, None, FLEET.idle) == demand


@pytest.mark.parametrize(("at", "is_overruled"), [(-900.1, False), (-900, False), (-899.9, True)])
@pytest.mark.parametrize("until", [None, NOW + 1])
def test_what_a_run_has_left_is_overruled_by_hand(
    at: float, is_overruled: bool, until: float | None
) -> None:
    """A fleet cannot be set during a run: so the run was over, and else it came later."""
    seen = Seen(9, scaled=Scaled(0, NOW + at))
    left = next_demand(Demand(9, A, "a", until), seen, FLEET.idle, NOW)
    assert (left is None) is is_overruled
    assert next_demand(Demand(9, A, "a", until), replace(seen, need=A), FLEET.idle, NOW)
