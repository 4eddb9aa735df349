"""What a run is asked to be. Pure; what the test has is for facts_of_test.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from locust_cluster.common.documents import api
from locust_cluster.runs.request_error import RequestError
from locust_cluster.runs.thresholds import Condition

WAIT_TIMEOUT_S = 120

SCALING_TIMEOUT_S = 300
"""AWS starts machines meanwhile, and they boot."""


@dataclass(frozen=True)
class RunRequest:
    """Everything that was asked, with the defaults. Durations in seconds."""

    name: str | None = None
    host: str | None = None
    user_count: int | None = None
    spawn_rate: float | None = None
    run_time: int | None = None
    warm_up: int = 0
    user_classes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    """Options that the test itself declares, as in a command line."""
    shown_args: tuple[str, ...] | None = None
    """The same without secrets, once the test has told which these are."""
    thresholds: tuple[Condition, ...] = ()
    fleets: Mapping[str, int] = field(default_factory=dict)
    """Machines by fleet."""
    shares: Mapping[str, str] | None = None
    """Percentages of the users by fleet; empty: evenly over processes, None: as the cluster has."""
    expect_workers: int | None = None
    min_processes: int | None = None
    """With so many it begins when it has waited long enough."""
    wait_timeout: int = WAIT_TIMEOUT_S
    labels: Mapping[str, str] | None = None

    def judges(self, method: str, name: str) -> bool:
        """Is a threshold about this request in particular?"""
        named = [each.threshold for each in self.thresholds if each.threshold.request]
        return any(threshold.covers(method, name) for threshold in named)

    @property
    def judged_requests(self) -> set[str]:
        """Requests that a threshold is about, as it names them."""
        return {each.threshold.request for each in self.thresholds if each.threshold.request}

    @property
    def judged_classes(self) -> set[str]:
        """User classes that a threshold is about."""
        classes = {each.threshold.user_class for each in self.thresholds}
        return {name for name in classes if name}

    def to_document(self) -> api.NormalizedRequest:
        """As the API and run.json show it; `parse_request` reads it again."""
        return {
            "name": self.name,
            "host": self.host,
            "user_count": self.user_count,
            "spawn_rate": self.spawn_rate,
            "run_time": self.run_time,
            "warm_up": self.warm_up,
            "user_classes": list(self.user_classes),
            "tags": list(self.tags),
            "exclude_tags": list(self.exclude_tags),
            "args": list(self.args if self.shown_args is None else self.shown_args),
            "thresholds": [
                {"expression": c.threshold.expression, "abort": c.abort, "grace": c.grace}
                for c in self.thresholds
            ],
            "fleets": dict(self.fleets),
            "shares": dict(self.shares or {}),
            "expect_workers": self.expect_workers,
            "min_processes": self.min_processes,
            "wait_timeout": self.wait_timeout,
            "labels": dict(self.labels or {}),
        }


def parse_request(body: object) -> RunRequest:
    """Read the body of POST /cluster/runs. Raises RequestError for the first thing wrong."""
    # Loaded by the first request: Locust's start does not wait for it.
    from locust_cluster.runs.request_fields import read_fields

    fields = read_fields(body)
    if fields.get("fleets"):
        fields.setdefault("wait_timeout", SCALING_TIMEOUT_S)
    request = RunRequest(**fields)
    check_warm_up(request)
    _check_processes(request)
    return request


def check_warm_up(request: RunRequest) -> None:
    """Raise RequestError when nothing of the run would be judged."""
    if request.run_time is not None and request.warm_up >= request.run_time:
        raise RequestError(
            f"'warm_up' ({request.warm_up} s) must be shorter than 'run_time' "
            f"({request.run_time} s): nothing would be judged",
            "warm_up",
        )


def _check_processes(request: RunRequest) -> None:
    least, awaited = request.min_processes, request.expect_workers
    if least and awaited and least > awaited:
        raise RequestError(
            f"'min_processes' ({least}) must not be above 'expect_workers' ({awaited})",
            "min_processes",
        )
