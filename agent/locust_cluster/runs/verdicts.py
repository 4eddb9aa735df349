"""Judges thresholds. Pure.

On the safe side: a response time is known to a step of the histogram, and a threshold is met only
if it is met by every response time that is counted in that step.
"""

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field

from locust_cluster.common.documents import api
from locust_cluster.runs.figures import Sample, merge, percentiles
from locust_cluster.runs.resolution import Bucket, bounds
from locust_cluster.runs.thresholds import Threshold, Unit

COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
WORDS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}

Key = tuple[str, str]
"""Method and name of a request."""


@dataclass(frozen=True)
class Measured:
    """What is judged: a stretch of a run."""

    seconds: float
    requests: Mapping[Key, Sample]
    classes: Mapping[str, Sample] = field(default_factory=dict)
    """By user class, as far as a threshold is about one."""
    exceptions: int = 0
    """In the test's own code."""


@dataclass(frozen=True)
class Verdict:
    """How one threshold came out; `passed` is None as long as it is not judged."""

    expression: str
    passed: bool | None
    actual: float | None
    limit: float
    unit: Unit
    resolution_ms: float | None
    message: str

    def to_document(self) -> api.Verdict:
        return {
            "expression": self.expression,
            "passed": self.passed,
            "actual": self.actual,
            "limit": self.limit,
            "unit": self.unit,
            "resolution_ms": self.resolution_ms,
            "message": self.message,
        }


def undecided(threshold: Threshold) -> Verdict:
    """Before the end."""
    return _verdict(threshold, None, None, None, "not judged yet")


NEVER_JUDGED = "not judged: the run ended before its time"
"""Message of a verdict that is open when its run is over."""


def judge(threshold: Threshold, measured: Measured, count_as: Bucket) -> Verdict:
    """Without data a threshold is missed."""
    chosen = _chosen(threshold, measured)
    if not chosen and not threshold.is_about_all:
        return _verdict(threshold, False, None, None, _not_seen(threshold, measured))
    actual = _actual(threshold, merge(chosen), measured)
    if actual is None:
        return _verdict(threshold, False, None, None, "nothing was measured")
    worst, resolution = actual, None
    if threshold.metric in ("percentile", "median"):
        low, worst = bounds(actual, count_as)  # response times have an upper limit only
        resolution = round(worst - low, 1)
    passed = bool(COMPARE[threshold.comparison](worst, threshold.limit))
    message = _shown(actual, threshold.unit)
    if not passed and COMPARE[threshold.comparison](actual, threshold.limit):
        step = f"counted in steps of {resolution:g} ms"
        message += f", {step}: it may be {_shown(worst, threshold.unit)}"
    word = WORDS[threshold.comparison]
    message += f", {'' if passed else 'not '}{word} {_shown(threshold.limit, threshold.unit)}"
    return _verdict(threshold, passed, actual, resolution, message)


def overall(verdicts: list[Verdict]) -> bool | None:
    """Did the run pass? None without thresholds, or before all of them are judged."""
    passed = [verdict.passed for verdict in verdicts]
    if False in passed:
        return False
    return None if not passed or None in passed else True


def _chosen(threshold: Threshold, measured: Measured) -> list[Sample]:
    if threshold.user_class:
        sample = measured.classes.get(threshold.user_class)
        return [sample] if sample else []
    return [sample for key, sample in measured.requests.items() if threshold.covers(*key)]


def _not_seen(threshold: Threshold, measured: Measured) -> str:
    if threshold.user_class:
        return f"user class '{threshold.user_class}' made no request"
    names = ", ".join(sorted(" ".join(key).strip() for key in measured.requests)[:5])
    seen = f"there were {names}" if names else "there were none at all"
    return f"no request '{threshold.request}': {seen}"


def _actual(threshold: Threshold, sample: Sample, measured: Measured) -> float | None:
    match threshold.metric:
        case "percentile" | "median":
            share = 0.5 if threshold.share is None else threshold.share
            return percentiles(sample.histogram, [share])[0]
        case "avg":
            return None if sample.avg_ms is None else round(sample.avg_ms, 3)
        case "max":
            return None if sample.max_ms is None else round(sample.max_ms, 3)
        case "fail_ratio":
            # No request at all is not a success.
            return sample.fail_ratio if sample.requests or sample.failures else None
        case "requests":
            return sample.requests
        case "failures":
            return sample.failures
        case "exceptions":
            return measured.exceptions
        case _:
            return sample.requests / measured.seconds if measured.seconds > 0 else 0.0


def _shown(value: float, unit: str) -> str:
    number = f"{value * (100 if unit == 'ratio' else 1):,.2f}".rstrip("0").rstrip(".")
    return number + {"ms": " ms", "ratio": "%", "per_s": "/s"}.get(unit, "")


def _verdict(
    threshold: Threshold,
    passed: bool | None,
    actual: float | None,
    resolution_ms: float | None,
    message: str,
) -> Verdict:
    return Verdict(
        threshold.expression,
        passed,
        actual,
        threshold.limit,
        threshold.unit,
        resolution_ms,
        message,
    )
