"""Instances take their time, as on AWS: moto has them `running`, and gone, within the call that asks for it.

A transition that is due happens before the next request (passing_time.py); nobody can see the difference to one that
happened at its time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request as http
from moto.core.utils import utcnow
from moto.ec2.models.instances import Instance, InstanceState, StateReason
from moto.ec2.responses.instances import InstanceResponse

import dependencies  # noqa: F401 - what it does at the end of an instance, comes late too
from capacity import capacity
from moto_fixes import replace
from passing_time import at_every_moment

ANSWER_DELAY = "simulator.answer_delay"


@dataclass
class Delays:
    """Seconds. The defaults are short enough for every suite, and long enough that nothing may lean on zero."""

    answer: float = 1  # between RunInstances' work and its answer
    pending: float = 2
    shutting_down: float = 2
    health_check: float = 2  # until a group notices that a machine is not running
    relaunch: float = 5  # until a group tries again what failed
    scaling: float = 1  # until a group acts on another capacity


delays = Delays()
due: dict[Instance, tuple[float, Callable[[], object]]] = {}


def later(instance: Instance, seconds: float, transition: Callable[[], object]) -> None:
    """At most one transition of an instance is under way; a new one takes the place of the old."""
    due[instance] = (time.monotonic() + seconds, transition)


@at_every_moment
def settle() -> None:
    for instance, (moment, transition) in list(due.items()):
        if moment <= time.monotonic():
            del due[instance]
            transition()


@replace(Instance, "__init__")
def begins_pending(original: Any, self: Instance, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    self._state = InstanceState("pending", 0)
    later(self, delays.pending, lambda: begin_to_run(self))


def begin_to_run(instance: Instance) -> None:
    if capacity.ends_at_launch:
        end_by_ec2(instance, *capacity.ends_at_launch.split(": ", 1))
    else:
        enter(instance, "running", 16)


@replace(Instance, "terminate")
def shuts_down_first(original: Any, self: Instance) -> InstanceState:
    """Until it is `terminated`, its interface, addresses and volumes are there, and its groups in use."""
    previous = InstanceState(self.state, self.state_code)
    if self.state in ("shutting-down", "terminated"):
        return previous
    enter(self, "shutting-down", 32)
    self._reason = f"User initiated ({utcnow().strftime('%Y-%m-%d %H:%M:%S UTC')})"
    self.state_reason = StateReason(
        "Client.UserInitiatedShutdown: User initiated shutdown", "Client.UserInitiatedShutdown"
    )
    later(self, delays.shutting_down, lambda: end(self, original))
    return previous


def end(instance: Instance, original: Callable[[Instance], object]) -> None:
    """Why it ends was said when it began to: moto would now name its user."""
    reason, state_reason = instance._reason, instance.state_reason
    original(instance)
    instance._reason, instance.state_reason = reason, state_reason


def end_by_ec2(instance: Instance, code: str, message: str) -> None:
    """API Reference, StateReason; User Guide, "Instance terminates immediately"."""
    instance.terminate()
    instance._reason, instance.state_reason = code, StateReason(f"{code}: {message}", code)


@replace(Instance, "stop")
def stops(original: Any, self: Instance) -> Any:
    """`stopped` at once, as moto has it; only what was under way ends."""
    due.pop(self, None)
    return original(self)


@replace(InstanceResponse, "run_instances")
def answers_late(original: Any, self: InstanceResponse) -> Any:
    answer = original(self)
    http.environ[ANSWER_DELAY] = delays.answer
    return answer


def enter(instance: Instance, name: str, code: int) -> None:
    instance._state.name, instance._state.code = name, code


class LateAnswers:
    """Holds an answer back, outside of the lock: what was asked for is done, other clients see it, and the one who
    asked does not know it yet."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        answer = self.app(environ, start_response)
        time.sleep(environ.get(ANSWER_DELAY, 0))
        return answer
