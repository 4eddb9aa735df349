"""The states of a run, as run.json and the API name them."""

from typing import Literal, get_args

State = Literal[
    "waiting",
    "starting",
    "running",
    "stopping",
    "finished",
    "failed",
    "cancelled",
    "interrupted",
]

ALL: frozenset[str] = frozenset(get_args(State))

OVER: frozenset[State] = frozenset({"finished", "failed", "cancelled", "interrupted"})
"""Nothing follows these."""
