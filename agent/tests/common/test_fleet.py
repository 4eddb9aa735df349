"""How many machines a fleet should have, by what runs need and needed."""

from dataclasses import replace

import pytest

from locust_cluster.common.fleet import Demand, Fleet, back_at, desired, next_demand

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
    def follow(last: Demand | None, capacity: int, testing: bool, now: float) -> Demand | None:
        return next_demand(last, capacity, testing, FLEET.idle, now)

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
    assert back_at(replace(FLEET, idle=idle), demand, NOW) == NOW + seconds
