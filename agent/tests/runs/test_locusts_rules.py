"""A run that Locust would end with exit code 1 does not pass, unless a threshold says so."""

import pytest

from locust_cluster.runs.figures import Sample
from locust_cluster.runs.locusts_rules import broken_rules
from locust_cluster.runs.thresholds import parse_threshold
from locust_cluster.runs.verdicts import Measured

GOOD = Measured(10, {("GET", "/a"): Sample(requests=10)})
FAILING = Measured(
    10,
    {("GET", "/a"): Sample(requests=10, failures=2), ("GET", "/b"): Sample(requests=5, failures=1)},
    {"Buyer": Sample(requests=7, failures=2), "Visitor": Sample(requests=8, failures=1)},
)
RAISING = Measured(10, GOOD.requests, exceptions=4)
EMPTY = Measured(10, {})


@pytest.mark.parametrize(
    ("measured", "thresholds", "broken"),
    [
        (GOOD, [], []),
        (FAILING, [], [("failures <= 0", 3)]),
        (FAILING, ["p95 < 1s", "rps > 1"], [("failures <= 0", 3)]),
        (FAILING, ["fail_ratio < 50%"], []),
        (FAILING, ["failures <= 5"], []),
        (FAILING, ["GET /a fail_ratio < 50%"], [("failures <= 0", 1)]),
        (FAILING, ["/a failures < 5", "/b failures < 5"], []),
        (FAILING, ["class Buyer failures < 5"], [("failures <= 0", 1)]),
        (FAILING, ["class Buyer failures < 5", "class Visitor failures < 5"], []),
        # Both may be about the same two requests.
        (FAILING, ["class Buyer failures < 5", "/a failures < 5"], [("failures <= 0", 1)]),
        (RAISING, ["failures <= 0"], [("exceptions <= 0", 4)]),
        (RAISING, ["exceptions <= 4"], []),
        (EMPTY, ["failures <= 0", "exceptions <= 0"], [("requests > 0", 0)]),
        (EMPTY, ["requests >= 0"], []),
        (EMPTY, ["/a requests >= 0"], [("requests > 0", 0)]),
        (Measured(10, {("GET", "/"): Sample(failures=1)}), [], [("failures <= 0", 1)]),
    ],
)
def test_holds_unless_a_threshold_is_about_it(
    measured: Measured, thresholds: list[str], broken: list[tuple[str, int]]
) -> None:
    verdicts = broken_rules([parse_threshold(each) for each in thresholds], measured)
    assert [(verdict.expression, verdict.actual) for verdict in verdicts] == broken
    assert not any(verdict.passed for verdict in verdicts)


def test_the_exit_code_that_the_test_has_set_stands_for_all_rules() -> None:
    assert broken_rules([], FAILING, 0) == []
    (verdict,) = broken_rules([], GOOD, 3)
    assert (verdict.expression, verdict.passed) == ("process_exit_code = 0", False)
    assert verdict.message == "the test has set it to 3"


def test_says_what_is_missing() -> None:
    messages = [broken_rules([], measured)[0].message for measured in (FAILING, RAISING, EMPTY)]
    assert messages == [
        "3 requests failed; a threshold such as 'fail_ratio < 1%' can allow some",
        "the test raised 4 exceptions; a threshold such as 'exceptions <= 4' can allow some",
        "no request was made: a test that makes none needs the threshold 'requests >= 0'",
    ]
