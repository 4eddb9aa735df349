"""A run, and the document that the API and run.json show of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from locust_cluster.common.constants import RUN_DETAILS
from locust_cluster.common.documents import api
from locust_cluster.common.iso_time import iso
from locust_cluster.runs.lifecycle import Event, Lifecycle
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.verdicts import NEVER_JUDGED, Verdict, overall, undecided
from locust_cluster.runs.worker_losses import WorkerLosses

Source = Literal["api", "page"]
"""Who began a run."""


@dataclass
class Run:
    """Times in seconds since 1970."""

    id: str
    source: Source
    created: float
    request: RunRequest
    cluster: str
    bundle: str
    versions: dict[str, str]
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    shape: str | None = None
    nodes: list[api.Node] = field(default_factory=list)
    started: float | None = None
    measured_from: float | None = None
    load_ended: float | None = None
    """When the users were told to stop."""
    ended: float | None = None
    connected: int = 0
    expected: int = 0
    now: api.Now | None = None
    total: api.Figures | None = None
    requests: list[api.RequestFigures] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    losses: WorkerLosses = field(default_factory=WorkerLosses)
    exceptions: int = 0
    dropped_reports: int = 0
    """Of workers, since the judged part began: what they counted is lost."""
    last_dropped: str | None = None
    """Why."""

    def __post_init__(self) -> None:
        if not self.verdicts:
            self.verdicts = [undecided(each.threshold) for each in self.request.thresholds]

    @property
    def is_warming_up(self) -> bool:
        return self.started is not None and self.measured_from is None

    @property
    def passed(self) -> bool | None:
        """None without thresholds, before the end, and if it did not come to its end."""
        passed = overall(self.verdicts)
        return None if passed and self.lifecycle.now != "finished" else passed

    def measured_s(self, time: float) -> float:
        """Length of the judged part so far; while it warms up, of the warm-up."""
        begun = self.started if self.measured_from is None else self.measured_from
        return 0.0 if begun is None else max(0.0, (self.load_ended or time) - begun)

    @property
    def run_time(self) -> int | None:
        """Seconds; None when it goes on until somebody stops it."""
        return self.request.run_time

    def apply(self, event: Event, time: float, reason: str | None = None) -> None:
        """Go on to another state. Raises UndeclaredTransitionError."""
        self.lifecycle.apply(event, time, reason)
        if self.lifecycle.is_over:
            self.ended = time
            self.now = None
            self.verdicts = [
                replace(each, message=NEVER_JUDGED) if each.passed is None else each
                for each in self.verdicts
            ]

    def drop_report(self, reason: str) -> None:
        """A worker's report could not be taken: one sentence why."""
        self.dropped_reports += 1
        self.last_dropped = reason

    def to_document(self, time: float) -> api.Run:
        return {
            "schema": 1,
            "id": self.id,
            "name": self.request.name,
            "source": self.source,
            "state": self.lifecycle.now,
            "reason": self.lifecycle.reason,
            "states": [state.copy() for state in self.lifecycle.history],
            "created": iso(self.created),
            "started": _iso(self.started),
            "ended": _iso(self.ended),
            "measured_from": _iso(self.measured_from),
            "shape": self.shape,
            "labels": dict(self.request.labels or {}),
            "progress": self._progress(time),
            "workers": {"connected": self.connected, "expected": self.expected},
            "now": self.now,
            "total": self.total,
            "passed": self.passed,
            "exceptions": self.exceptions,
            "dropped_reports": {"count": self.dropped_reports, "last": self.last_dropped},
            "lost_workers": self.losses.to_document(),
            "cluster": self.cluster,
            "bundle": self.bundle,
            "request": self.request.to_document(),
            "requests": self.requests,
            "verdicts": [verdict.to_document() for verdict in self.verdicts],
            "versions": self.versions,
            "nodes": self.nodes,
        }

    def _progress(self, time: float) -> api.Progress:
        elapsed = 0.0
        if self.started is not None:
            elapsed = max(0.0, (self.load_ended or self.ended or time) - self.started)
        phase: Literal["waiting", "warm_up", "measuring", "over"] = "waiting"
        if self.lifecycle.is_over:
            phase = "over"
        elif self.started is not None:
            phase = "warm_up" if self.is_warming_up else "measuring"
        return {
            "elapsed_s": round(elapsed, 1),
            "run_time_s": self.request.run_time,
            "phase": phase,
        }


class RunActiveError(Exception):
    """Another run is not over."""

    def __init__(self, run: Run) -> None:
        super().__init__(
            f"run {run.id} is still {run.lifecycle.now}; a cluster makes one run at a time: "
            "wait for its end or stop it"
        )
        self.run = run.id


def to_summary(document: Mapping[str, Any]) -> dict[str, Any]:
    """A run as it is listed."""
    return {key: value for key, value in document.items() if key not in RUN_DETAILS}


def _iso(time: float | None) -> str | None:
    return None if time is None else iso(time)
