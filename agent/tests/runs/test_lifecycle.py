"""Which event leads a run where."""

from collections import deque
from typing import get_args

import pytest

from locust_cluster.common.constants import OVER_STATES, RUN_STATES, RunState
from locust_cluster.runs.lifecycle import (
    AWAITING,
    BUSY,
    EVENTS,
    TRANSITIONS,
    Ending,
    Event,
    Lifecycle,
    UndeclaredTransitionError,
    next_state,
)

DECLARED = [(source, event) for event in EVENTS for source in TRANSITIONS[event].sources]

SOURCES: tuple[RunState | None, ...] = (None, *get_args(RunState))

UNDECLARED = [
    (source, event) for event in EVENTS for source in SOURCES if (source, event) not in DECLARED
]


def paths() -> dict[RunState | None, tuple[Event, ...]]:
    """The shortest way to each state, by declared events only."""
    found: dict[RunState | None, tuple[Event, ...]] = {None: ()}
    ends: deque[RunState | None] = deque([None])
    while ends:
        source = ends.popleft()
        for event in EVENTS:
            target = TRANSITIONS[event].target
            if (source, event) in DECLARED and target not in found:
                found[target] = (*found[source], event)
                ends.append(target)
    return found


PATHS = paths()


def led_to(state: RunState | None) -> Lifecycle:
    lifecycle = Lifecycle()
    for event in PATHS[state]:
        lifecycle.apply(event, 0)
    return lifecycle


def test_every_event_and_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(EVENTS)
    assert set(PATHS) == {None, *RUN_STATES}


@pytest.mark.parametrize(("source", "event"), DECLARED)
def test_walks_every_declared_transition(source: RunState | None, event: Event) -> None:
    lifecycle = led_to(source)
    before = list(lifecycle.history)
    lifecycle.apply(event, 1.5, "why")
    state = TRANSITIONS[event].target
    entered = {"state": state, "time": "1970-01-01T00:00:01.500Z", "reason": "why"}
    assert lifecycle.history == [*before, entered]
    assert (lifecycle.now, lifecycle.is_over) == (state, state in OVER_STATES)


@pytest.mark.parametrize(("source", "event"), UNDECLARED)
def test_an_undeclared_transition_raises(source: RunState | None, event: Event) -> None:
    lifecycle = led_to(source)
    before = list(lifecycle.history)
    with pytest.raises(UndeclaredTransitionError, match=f"cannot become .* by '{event}'"):
        lifecycle.apply(event, 0)
    assert lifecycle.history == before


def test_nothing_follows_the_end_and_everything_else_can_end() -> None:
    sources = {source for source, _ in DECLARED}
    assert sources == {None, *set(RUN_STATES)} - set(OVER_STATES)
    ends = {source for source, event in DECLARED if TRANSITIONS[event].target in set(OVER_STATES)}
    assert ends == set(RUN_STATES) - set(OVER_STATES)
    assert {*AWAITING, *BUSY, *OVER_STATES} == set(RUN_STATES)


def test_a_run_that_is_waiting_says_what_cannot_follow() -> None:
    with pytest.raises(ValueError, match=r"^a run that is waiting cannot become running by"):
        next_state("waiting", "test_started")
    with pytest.raises(ValueError, match=r"^a run that is not there cannot become interrupted by"):
        next_state(None, "master_died")


def test_keeps_time_and_reason_of_each_state() -> None:
    lifecycle = Lifecycle()
    lifecycle.apply("requested", 0)
    lifecycle.explain("2 of 4 processes")
    lifecycle.apply("stopped_early", 1.5, "stopped")
    assert lifecycle.history == [
        {"state": "waiting", "time": "1970-01-01T00:00:00.000Z", "reason": "2 of 4 processes"},
        {"state": "cancelled", "time": "1970-01-01T00:00:01.500Z", "reason": "stopped"},
    ]
    assert lifecycle.is_over


@pytest.mark.parametrize(
    "path",
    [
        ["requested", "test_started"],
        ["started_in_page", "requested"],
        ["requested", "machines_joined"],
        ["machines_requested", "test_started"],
        ["machines_requested", "machines_joined", "machines_joined"],
        ["started_in_page", "test_started", "workers_ready"],
        ["started_in_page", "test_started", "users_stopping", "test_started"],
        *(
            ["started_in_page", "test_started", over, event]
            for over in ("run_time_over", "workers_lost", "stopped_early", "master_stopped")
            for event in ("users_stopping", "driver_failed")
        ),
    ],
)
def test_refuses_a_wrong_order(path: list[Event]) -> None:
    lifecycle = Lifecycle()
    for event in path[:-1]:
        lifecycle.apply(event, 0)
    with pytest.raises(ValueError, match="cannot become"):
        lifecycle.apply(path[-1], 0)


def test_the_first_ending_holds() -> None:
    lifecycle = Lifecycle()
    first, later = Ending("stopped", "stopped"), Ending("workers_lost", "lost")
    assert lifecycle.will_end(first) == first
    assert lifecycle.will_end(later) == first
    assert lifecycle.ending == first
