"""A run, and the document that the API and run.json show of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from locust_cluster.common.constants import RUN_DETAILS
from locust_cluster.common.documents import api
from locust_cluster.common.iso_time import iso
from locust_cluster.runs.lifecycle import Event, Lifecycle
from locust_cluster.runs.run_facts import RunFacts
from locust_cluster.runs.run_figures import RunFigures
from locust_cluster.runs.run_times import RunTimes
from locust_cluster.runs.run_workers import RunWorkers
from locust_cluster.runs.verdicts import NEVER_JUDGED, Verdict, overall, undecided


@dataclass
class Run:
    """Its parts change hands: each says who writes it."""

    facts: RunFacts
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    times: RunTimes = field(default_factory=RunTimes)
    workers: RunWorkers = field(default_factory=RunWorkers)
    figures: RunFigures = field(default_factory=RunFigures)
    verdicts: list[Verdict] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.verdicts:
            self.verdicts = [undecided(each.threshold) for each in self.facts.request.thresholds]

    @property
    def id(self) -> str:
        return self.facts.id

    @property
    def passed(self) -> bool | None:
        """None without thresholds, before the end, and if it did not come to its end."""
        passed = overall(self.verdicts)
        return None if passed and self.lifecycle.now != "finished" else passed

    def apply(self, event: Event, time: float, reason: str | None = None) -> None:
        """Go on to another state. Raises UndeclaredTransitionError."""
        self.lifecycle.apply(event, time, reason)
        if self.lifecycle.is_over:
            self.times.ended = time
            self.verdicts = [
                replace(each, message=NEVER_JUDGED) if each.passed is None else each
                for each in self.verdicts
            ]

    def to_document(self, time: float) -> api.Run:
        facts, lifecycle, times = self.facts, self.lifecycle, self.times
        figures, workers = self.figures, self.workers
        document: api.Run = {
            "schema": 1,
            "id": facts.id,
            "name": facts.request.name,
            "source": facts.source,
            "state": lifecycle.now,
            "reason": lifecycle.reason,
            "states": [state.copy() for state in lifecycle.history],
            "created": iso(facts.created),
            "started": _iso(times.started),
            "ended": _iso(times.ended),
            "measured_from": _iso(times.measured_from),
            "shape": facts.shape,
            "labels": dict(facts.request.labels or {}),
            "progress": {
                "elapsed_s": round(times.elapsed_s(time), 1),
                "run_time_s": facts.request.run_time,
                "phase": times.phase(lifecycle.is_over),
            },
            "workers": {"connected": workers.connected, "expected": workers.expected},
            "fleets": {name: fleet.copy() for name, fleet in workers.fleets.items()},
            "now": None if lifecycle.is_over else figures.now,
            "total": figures.total,
            "passed": self.passed,
            "exceptions": figures.exceptions,
            "dropped_reports": {
                "count": figures.dropped_reports,
                "last": figures.last_dropped,
            },
            "lost_workers": workers.losses.to_document(),
            "interruptions": workers.interruptions.to_document(),
            "cluster": facts.cluster,
            "bundle": facts.bundle,
            "request": facts.request.to_document(),
            "requests": figures.requests,
            "verdicts": [verdict.to_document() for verdict in self.verdicts],
            "versions": facts.versions,
            "nodes": workers.nodes,
        }
        if figures.fleets is not None:
            document["fleet_figures"] = {
                name: {**each, "now": None if lifecycle.is_over else each["now"]}
                for name, each in figures.fleets.items()
            }
            document["fleet_requests"] = figures.fleet_requests
        return document


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
