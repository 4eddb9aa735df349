"""Thresholds as text: `p95 < 300ms`, `GET /checkout p(99.9) < 1s`, `class Buyer fail_ratio < 1%`.

Pure.
"""

import difflib
import math
import re
from dataclasses import dataclass
from typing import Literal

from locust_cluster.runs.request_error import shown
from locust_cluster.runs.reversed_threshold import every_request, wrong_direction

Unit = Literal["ms", "ratio", "per_s", "count"]

WORDS: dict[str, Unit] = {
    "avg": "ms",
    "median": "ms",
    "max": "ms",
    "fail_ratio": "ratio",
    "rps": "per_s",
    "requests": "count",
    "failures": "count",
    "exceptions": "count",
}
KNOWN = "p95, p(99.9), avg, median, max, fail_ratio, failures, exceptions, requests or rps"

PERCENTILE = re.compile(r"p(?:(\d+(?:\.\d+)?)|\((\d+(?:\.\d+)?)\))", re.ASCII)
USER_CLASS = re.compile(r"class\s+([^\W\d]\w*)")
COMPARISON = re.compile(r"[<>=!]+")
VALUE = re.compile(r"(\d+(?:\.\d+)?)(\s*)(\S*)", re.ASCII)

GRACE_S = 10


class ThresholdError(ValueError):
    """A threshold is not understood: a sentence, and the column (from 1) that it is about."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True)
class Threshold:
    """One condition on the figures of a run."""

    expression: str
    request: str | None
    """`/checkout` or `GET /checkout`."""
    user_class: str | None
    """`Buyer`: all requests of these users. Without a request too, it is about all together."""
    metric: str
    """`percentile`, or one of WORDS."""
    share: float | None
    """Of a percentile: 0.95."""
    comparison: Literal["<", "<=", ">", ">="]
    limit: float
    unit: Unit

    @property
    def is_about_all(self) -> bool:
        return self.request is None and self.user_class is None

    def covers(self, method: str, name: str) -> bool:
        """Is it about this request, by its name?"""
        return self.is_about_all or self.request in (name, f"{method} {name}")


@dataclass(frozen=True)
class Condition:
    """A threshold of a run, and whether missing it ends the run."""

    threshold: Threshold
    abort: bool = False
    grace: int = GRACE_S
    """Seconds from the beginning of the judged part, in which it is not looked at."""


def parse_threshold(text: str) -> Threshold:
    """Understand one threshold. Raises ThresholdError."""
    comparisons = list(COMPARISON.finditer(text))
    if not comparisons:
        raise ThresholdError(
            "a comparison is missing: write <, <=, > or >=", len(text.rstrip()) + 1
        )
    # The last one: the name of a request may hold others.
    found = comparisons[-1]
    match found[0]:
        case "<" | "<=" | ">" | ">=" as comparison:
            pass
        case other:
            raise ThresholdError(f"'{shown(other)}' is not one of <, <=, >, >=", found.start() + 1)
    left = text[: found.start()].rstrip()
    metric_at = max(left.rfind(" "), left.rfind("\t")) + 1
    word, value = left[metric_at:], text[found.end() :].strip()
    metric, share, unit = _metric(word, metric_at + 1)
    limit, limit_at = _limit(text, found.end(), unit)
    if unit == "ratio" and (problem := every_request(limit, comparison, value)):
        raise ThresholdError(problem, limit_at)
    if problem := wrong_direction(metric, shown(word), comparison, shown(value)):
        raise ThresholdError(problem, found.start() + 1)
    subject = left[:metric_at].strip()
    if subject and metric == "exceptions":
        meant = f"{metric} {comparison} {shown(value)}"
        raise ThresholdError(f"exceptions are those of the whole test: write '{meant}'", 1)
    of_class = USER_CLASS.fullmatch(subject)
    return Threshold(
        expression=text.strip(),
        request=None if of_class else subject or None,
        user_class=of_class[1] if of_class else None,
        metric=metric,
        share=share,
        comparison=comparison,
        limit=limit,
        unit=unit,
    )


def _metric(word: str, column: int) -> tuple[str, float | None, Unit]:
    if not word:
        raise ThresholdError(f"a metric is missing: write {KNOWN}", column)
    if match := PERCENTILE.fullmatch(word):
        percent = float(match[1] or match[2])
        if not 0 < percent < 100:
            problem = f"'{shown(word)}' is not between p0 and p100: for all write max"
            raise ThresholdError(problem, column)
        return "percentile", round(percent / 100, 8), "ms"
    if word in WORDS:
        return word, None, WORDS[word]
    near = difflib.get_close_matches(word.lower(), WORDS, 1)
    hint = f"did you mean {near[0]}?" if near else f"write {KNOWN}"
    raise ThresholdError(f"'{shown(word)}' is not a metric: {hint}", column)


def _limit(text: str, start: int, unit: Unit) -> tuple[float, int]:
    """The value, and its column."""
    at = start + len(text[start:]) - len(text[start:].lstrip())
    match = VALUE.fullmatch(text[at:].rstrip())
    if not match:
        given = shown(text[at:].strip())
        what = f"'{given}' is not a number with a unit" if given else "a value is missing"
        raise ThresholdError(f"{what}: write for example {_example(unit)}", at + 1)
    number, suffix, digits = float(match[1]), match[3], shown(match[1])
    factors: dict[Unit, dict[str, float]] = {
        "ms": {"ms": 1, "s": 1000},
        "ratio": {"%": 0.01, "": 1},
        "per_s": {"": 1, "/s": 1},
        "count": {"": 1},
    }
    if suffix not in factors[unit]:
        problem = f"'{shown(suffix)}' is not a unit of this" if suffix else f"{digits} has no unit"
        raise ThresholdError(f"{problem}: write {_example(unit, digits)}", at + match.start(3) + 1)
    limit = number * factors[unit][suffix]
    if not math.isfinite(limit):
        raise ThresholdError(f"{digits} is too large: write {_example(unit)}", at + 1)
    return round(limit, 10), at + 1


def _example(unit: Unit, number: str | None = None) -> str:
    if unit == "ms":
        return f"{number or 300}ms or {number or 2}s"
    return f"{number or 1}%" if unit == "ratio" else f"{number or 500}"
