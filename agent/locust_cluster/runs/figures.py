"""What a stretch of a run came to: counts, rates, percentiles. Pure.

Percentiles are reckoned as Locust reckons them, so that report, page and verdict agree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from locust_cluster.common.documents import api

SHARES = (0.5, 0.9, 0.95, 0.99, 0.999)


def percentiles(histogram: Mapping[int, int], shares: Sequence[float]) -> list[float | None]:
    """The response time within which each share of the requests was answered; None without any."""
    count = sum(histogram.values())
    if not count:
        return [None] * len(shares)
    ranks = [int(count * share) for share in shares]
    found: list[float | None] = [None] * len(shares)
    below = 0
    for value in sorted(histogram):
        for index, rank in enumerate(ranks):
            if below <= rank:
                found[index] = value
        below += histogram[value]
    return found


@dataclass
class Sample:
    """Counts of requests, of one name or of several together."""

    requests: int = 0
    failures: int = 0
    timed: int = 0
    """Requests with a response time; Locust counts some without (`response_time=None`)."""
    response_time_ms: float = 0.0
    """Sum of all."""
    min_ms: float | None = None
    max_ms: float | None = None
    histogram: dict[int, int] = field(default_factory=dict)

    def add(self, other: "Sample") -> None:
        """Count the requests of another one with these."""
        self.requests += other.requests
        self.failures += other.failures
        self.timed += other.timed
        self.response_time_ms += other.response_time_ms
        self.min_ms = _best(min, self.min_ms, other.min_ms)
        self.max_ms = _best(max, self.max_ms, other.max_ms)
        histogram = self.histogram
        for value, count in other.histogram.items():
            histogram[value] = histogram.get(value, 0) + count

    @property
    def fail_ratio(self) -> float:
        # A failure may be logged without a request.
        return (
            min(1.0, self.failures / self.requests) if self.requests else float(self.failures > 0)
        )

    @property
    def avg_ms(self) -> float | None:
        return self.response_time_ms / self.timed if self.timed else None


def merge(samples: Iterable[Sample]) -> Sample:
    """Several requests together."""
    total = Sample()
    for sample in samples:
        total.add(sample)
    return total


def to_figures(sample: Sample, seconds: float) -> api.Figures:
    """As the API shows it; `seconds` is the length of the stretch."""
    p50, p90, p95, p99, p99_9 = percentiles(sample.histogram, SHARES)
    return {
        "requests": sample.requests,
        "failures": sample.failures,
        "fail_ratio": round(sample.fail_ratio, 6),
        "rps": round(sample.requests / seconds, 3) if seconds > 0 else 0.0,
        "failures_per_s": round(sample.failures / seconds, 3) if seconds > 0 else 0.0,
        "avg_ms": _rounded(sample.avg_ms),
        "min_ms": _rounded(sample.min_ms),
        "max_ms": _rounded(sample.max_ms),
        "p50_ms": p50,
        "p90_ms": p90,
        "p95_ms": p95,
        "p99_ms": p99,
        "p99_9_ms": p99_9,
    }


def _best(choose: Any, one: float | None, other: float | None) -> float | None:
    known = [value for value in (one, other) if value is not None]
    return choose(known) if known else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
