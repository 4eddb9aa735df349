"""The life of a run: every state, every event, and which state an event leads to. Pure.

Nothing is done here. controller.py and driver.py say what has happened, by Locust's word or by the
clock, endings.py what an end is called; active_run.py and closing.py do what follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from locust_cluster.common.constants import OVER_STATES, RunState
from locust_cluster.common.documents import api
from locust_cluster.common.iso_time import iso

Event = Literal[
    "requested",
    "machines_requested",
    "started_in_page",
    "machines_joined",
    "workers_ready",
    "test_started",
    "users_stopping",
    "run_time_over",
    "shape_ended",
    "ended_by_test",
    "stopped",
    "aborted",
    "test_ended",
    "stopped_early",
    "stopped_in_warm_up",
    "displaced_before_start",
    "wait_timed_out",
    "fleet_removed",
    "secrets_lost",
    "start_failed",
    "driver_failed",
    "workers_lost",
    "nothing_requested",
    "results_incomplete",
    "displaced",
    "master_stopped",
    "master_died",
]

EVENTS: tuple[Event, ...] = get_args(Event)


@dataclass(frozen=True)
class Transition:
    """What an event makes of a run that is in one of these states; None: there was no run yet."""

    sources: tuple[RunState | None, ...]
    target: RunState


_AWAITING: tuple[RunState, ...] = ("scaling", "waiting")
_NOT_BEGUN: tuple[RunState, ...] = (*_AWAITING, "starting")
_BEGUN: tuple[RunState, ...] = ("running", "stopping")

TRANSITIONS: Mapping[Event, Transition] = {
    # It begins: over the API, where it waits for all workers, or in Locust's page.
    "requested": Transition((None,), "waiting"),
    "machines_requested": Transition((None,), "scaling"),
    "started_in_page": Transition((None,), "starting"),
    "machines_joined": Transition(("scaling",), "waiting"),
    "workers_ready": Transition(_AWAITING, "starting"),
    "test_started": Transition(("starting",), "running"),
    "users_stopping": Transition(("running",), "stopping"),
    # It comes to its end, by its own plan or a person's.
    "run_time_over": Transition(_BEGUN, "finished"),
    "shape_ended": Transition(_BEGUN, "finished"),
    "ended_by_test": Transition(_BEGUN, "finished"),
    "stopped": Transition(_BEGUN, "finished"),
    "aborted": Transition(_BEGUN, "finished"),
    # Locust ends a test of the page that could not be recorded from its start.
    "test_ended": Transition(("starting", *_BEGUN), "finished"),
    # Somebody ends it before that. A test may still begin between the wish and Locust's stop.
    "stopped_early": Transition((*_NOT_BEGUN, *_BEGUN), "cancelled"),
    "stopped_in_warm_up": Transition(_BEGUN, "cancelled"),
    "displaced_before_start": Transition(_NOT_BEGUN, "cancelled"),
    # Something is wrong.
    "wait_timed_out": Transition(_AWAITING, "failed"),
    "fleet_removed": Transition(_AWAITING, "failed"),
    "secrets_lost": Transition(_AWAITING, "failed"),
    "start_failed": Transition(("starting",), "failed"),
    "driver_failed": Transition((*_NOT_BEGUN, *_BEGUN), "failed"),
    "workers_lost": Transition(_BEGUN, "failed"),
    "nothing_requested": Transition(_BEGUN, "failed"),
    "results_incomplete": Transition(_BEGUN, "failed"),
    # Its master goes away from it. One that waits is taken over by the next master.
    "displaced": Transition(_BEGUN, "interrupted"),
    "master_stopped": Transition(("starting", *_BEGUN), "interrupted"),
    "master_died": Transition((*_NOT_BEGUN, *_BEGUN), "interrupted"),
}

AWAITING: frozenset[RunState] = frozenset(_AWAITING)
"""It awaits workers, and Locust does nothing for it: the next master of the cluster goes on."""

BUSY: frozenset[RunState] = frozenset({"starting", *_BEGUN})
"""Locust works for the run: no new bundle, no restart. A run that waits may wait for just that."""


class UndeclaredTransitionError(ValueError):
    """An event for which a run of this state has no transition."""


def next_state(state: RunState | None, event: Event) -> RunState:
    """Raises UndeclaredTransitionError."""
    transition = TRANSITIONS[event]
    if state not in transition.sources:
        raise UndeclaredTransitionError(
            f"a run that is {state or 'not there'} cannot become {transition.target} by '{event}'"
        )
    return transition.target


@dataclass(frozen=True)
class Ending:
    """How a run ends: by which event, and why in words."""

    event: Event
    reason: str

    @property
    def state(self) -> RunState:
        return TRANSITIONS[self.event].target


class Lifecycle:
    """Of one run: its states so far, the last of which is the present one."""

    def __init__(self, history: Sequence[api.StateChange] = ()) -> None:
        self.history = [each.copy() for each in history]
        self.ending: Ending | None = None
        """How it will end when Locust has stopped."""

    @property
    def now(self) -> RunState:
        return self.history[-1]["state"]

    @property
    def reason(self) -> str | None:
        return self.history[-1]["reason"]

    @property
    def is_over(self) -> bool:
        return self.now in OVER_STATES

    def apply(self, event: Event, time: float, reason: str | None = None) -> None:
        """Enter the state that an event leads to. Raises UndeclaredTransitionError."""
        state = next_state(self.now if self.history else None, event)
        self.history.append({"state": state, "time": iso(time), "reason": reason})

    def explain(self, reason: str | None) -> None:
        """Give the present state another reason."""
        self.history[-1]["reason"] = reason

    def will_end(self, ending: Ending) -> Ending:
        """Keep how it is to end, and return it: the first that is said holds."""
        self.ending = self.ending or ending
        return self.ending
