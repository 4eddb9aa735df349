"""Refuses a threshold that says the opposite of what thresholds are for. Pure.

Whoever thinks of "fail if" writes `fail_ratio > 1%`, which would hold on a broken service only.
"""

from collections.abc import Mapping

from locust_cluster.runs.request_error import shown

HIGHER_IS_BETTER = frozenset({"rps", "requests"})
"""Metrics that take `>` and `>=`; all others take `<` and `<=`."""

OPPOSITE: Mapping[str, str] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def wrong_direction(metric: str, word: str, comparison: str, value: str) -> str | None:
    """Why `word comparison value` cannot be meant, and what is likely meant; None if it can."""
    fitting = (">", ">=") if metric in HIGHER_IS_BETTER else ("<", "<=")
    if comparison in fitting:
        return None
    return (
        f"a threshold says what must hold, and {word} takes {' or '.join(fitting)}: "
        f"write '{word} {OPPOSITE[comparison]} {value}'"
    )


def every_request(limit: float, comparison: str, value: str) -> str | None:
    """The same for a `fail_ratio` that lets every request fail."""
    if limit < 1:
        return None
    fitting = comparison if comparison.startswith("<") else OPPOSITE[comparison]
    # 5 for 5%, the usual slip; a share such as 100% or 250 is no such slip.
    meant = f"{shown(value)}%" if not value.endswith("%") and limit < 100 else "1%"
    return (
        f"{shown(value)} is {limit * 100:g}% of the requests, and a fail_ratio must be below 100%: "
        f"write 'fail_ratio {fitting} {meant}'"
    )
