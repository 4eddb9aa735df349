"""What the run is told of a fleet."""

import pytest

from locust_cluster.common.documents.node_record import FleetCapacity
from locust_cluster.common.fleet import Fleet, Need
from locust_cluster.common.fleet_supply import FleetSupply
from locust_cluster.service.demand import BY_HAND, Demand, Seen
from locust_cluster.service.fleet_plan import FleetPlan

FLEET = Fleet(region="us-east-1", size=2, max=5, idle=60)


def supply(asked: int | None, started: int | None, by: str = "", error: str = "") -> FleetSupply:
    need = Need("b", asked, 0)
    plan = FleetPlan("eu", FLEET, Seen(started, need), Demand(5, need, by))
    state = FleetCapacity(capacity=5, error=error or None, started=started, problem=None)
    return plan.supply(state)


@pytest.mark.parametrize(
    ("asked", "started", "by", "why"),
    [
        (3, 2, "a", None),
        (3, 3, "a", None),
        (3, None, "a", None),
        # It has not asked for any.
        (None, 5, "a", None),
        (1, 2, "b", "2 machines are up: fleets.eu.size is 2"),
        (3, 5, "a", "5 machines are up: run a has asked for them"),
        (3, 5, BY_HAND, "5 machines are up: somebody has set them by hand"),
        (3, 4, "", "4 machines are up, and none leaves during a run"),
        (3, 4, "b", "4 machines are up, and none leaves during a run"),
    ],
)
def test_says_who_keeps_more_machines_than_a_run_asks_for(
    asked: int | None, started: int | None, by: str, why: str | None
) -> None:
    assert supply(asked, started, by).kept == why


@pytest.mark.parametrize(
    ("asked", "error", "problem"),
    [
        (5, "", None),
        (6, "", "fleets.eu.max is 5 now: ask for at most 5"),
        (6, "AWS does not want to", "AWS does not want to"),
    ],
)
def test_says_that_there_are_no_more(asked: int, error: str, problem: str | None) -> None:
    assert supply(asked, 4, error=error).problem == problem
