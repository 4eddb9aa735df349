"""How many machines a fleet should have, by what runs need and needed."""

from dataclasses import replace

import pytest

from locust_cluster.common.fleet import (
    Demand,
    Fleet,
    Need,
    Scaled,
    back_at,
    desired,
    is_replaced,
    next_demand,
    why_more,
    with_scaled,
)

FLEET = Fleet(region="us-east-1", size=2, max=5, idle=60)

NOW = 1000.0


@pytest.mark.parametrize(
    ("demand", "capacity"),
    [
        (None, 2),
        (Demand(0), 2),
        (Demand(4), 4),
        (Demand(9), 5),
        (Demand(4, until=NOW + 1), 4),
        (Demand(4, until=NOW), 2),
    ],
)
def test_has_its_size_or_what_a_run_needs_up_to_its_maximum(
    demand: Demand | None, capacity: int
) -> None:
    assert desired(FLEET, demand, NOW) == capacity


def test_a_run_needs_what_is_there_and_frees_it_when_nothing_has_run_for_so_long() -> None:
    def follow(last: Demand | None, started: int, testing: bool, now: float) -> Demand | None:
        return next_demand(last, started, None, testing, FLEET.idle, now)

    assert follow(None, 3, False, NOW) is None
    began = follow(None, 3, True, NOW)
    assert began == Demand(3)
    # Somebody took one away: a run that goes on needs it.
    assert follow(began, 2, True, NOW + 10) == Demand(3)
    assert follow(began, 4, True, NOW + 10) == Demand(4)
    over = follow(began, 3, False, NOW + 20)
    assert over == Demand(3, until=NOW + 80)
    assert follow(over, 3, False, NOW + 79) == over
    # The next one begins in time.
    assert follow(over, 3, True, NOW + 79) == Demand(3)
    assert follow(over, 3, False, NOW + 80) is None


@pytest.mark.parametrize(
    ("idle", "demand", "seconds"),
    [
        (600, Demand(3), 600),
        (600, Demand(3, until=NOW + 400), 400),
        # A master that starts again must not come too late.
        (10, Demand(3), 300),
        (600, Demand(3, until=NOW + 1), 300),
    ],
)
def test_goes_back_by_itself_when_its_master_has_been_away_for_some_time(
    idle: int, demand: Demand, seconds: int
) -> None:
    assert back_at(replace(FLEET, idle=idle), demand, None, NOW) == NOW + seconds


@pytest.mark.parametrize(("ends", "seconds"), [(900, 1500), (-5, 600)])
def test_goes_back_by_itself_some_time_after_the_end_of_the_run(ends: int, seconds: int) -> None:
    """One that is late is waited for: what is scheduled is renewed meanwhile."""
    assert back_at(replace(FLEET, idle=600), Demand(3), NOW + ends, NOW) == NOW + seconds


def need(machines: int, run: str = "b") -> Need:
    return Need(run, machines, since=NOW)


def at(last: Demand | None, started: int | None, asked: Need | None) -> Demand | None:
    return next_demand(last, started, asked, False, FLEET.idle, NOW)


@pytest.mark.parametrize(
    ("last", "started", "asked", "demand"),
    [
        # From its request on, before any test has begun.
        (None, 0, 4, Demand(4, run="b")),
        (None, 0, 0, Demand(0, run="b")),
        (Demand(4, run="b"), 1, 4, Demand(4, run="b")),
        # One that asks for fewer takes what is there, and not what the one before has missed.
        (Demand(9, until=NOW + 9, run="a"), 6, 4, Demand(6, run="a")),
        (Demand(9, until=NOW + 9, run="a"), 2, 4, Demand(4, run="b")),
        (None, 6, 4, Demand(6)),
        # What it has lost since is replaced.
        (Demand(6, run="a"), 5, 4, Demand(6, run="a")),
        # While nobody knows what is there, nothing is given up.
        (Demand(9, until=NOW + 9, run="a"), None, 4, Demand(9, run="a")),
        (None, None, 4, Demand(4, run="b")),
    ],
)
def test_a_run_needs_what_it_asks_for_and_what_is_there(
    last: Demand | None, started: int | None, asked: int, demand: Demand
) -> None:
    assert at(last, started, need(asked)) == demand


def test_machines_that_never_came_are_not_waited_for_when_the_run_is_over() -> None:
    asked = Demand(9, run="a")
    assert at(asked, 4, None) == Demand(4, NOW + 60, "a")
    assert at(asked, 0, None) == Demand(0, NOW + 60, "a")
    assert at(asked, None, None) == Demand(9, NOW + 60, "a")
    # A size set meanwhile, or by hand, is none of the run's.
    assert at(asked, 12, None) == Demand(9, NOW + 60, "a")


@pytest.mark.parametrize(
    ("demand", "started", "why"),
    [
        (Demand(3, run="b"), 2, None),
        (Demand(3, run="b"), 3, None),
        (Demand(5, run="a"), 5, "5 machines are up: run a has asked for them"),
        (Demand(4), 4, "4 machines are up, and none leaves during a run"),
    ],
)
def test_says_who_keeps_more_machines_than_a_run_asks_for(
    demand: Demand, started: int, why: str | None
) -> None:
    assert why_more("eu", FLEET, demand, need(3), started) == why


def test_says_that_the_size_keeps_them() -> None:
    assert why_more("eu", FLEET, Demand(2), need(1), 2) == "2 machines are up: fleets.eu.size is 2"


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        (None, Demand(4, NOW + 60)),
        (Demand(2, run="a"), Demand(4, run="a")),
        (Demand(5, run="a"), Demand(5, run="a")),
        (Demand(2, NOW + 90, "a"), Demand(4, NOW + 90, "a")),
    ],
)
def test_has_what_was_set_by_hand_and_what_runs_need(
    demand: Demand | None, expected: Demand
) -> None:
    assert with_scaled(demand, Scaled(4, NOW), FLEET.idle) == expected
    assert with_scaled(demand, None, FLEET.idle) == demand


@pytest.mark.parametrize(
    ("ended", "replaced"), [(-50.0, True), (0.0, True), (15.0, True), (15.1, False), (None, False)]
)
def test_what_a_run_has_left_is_replaced_by_hand(ended: float | None, replaced: bool) -> None:
    """Its end may be noticed some seconds late."""
    until = None if ended is None else NOW + ended + FLEET.idle
    assert is_replaced(Demand(5, until), Scaled(0, NOW), FLEET.idle) is replaced
