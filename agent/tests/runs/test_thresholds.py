"""What a threshold may look like, and where an error points."""

import pytest

from locust_cluster.runs.thresholds import ThresholdError, parse_threshold


@pytest.mark.parametrize(
    ("text", "request_", "metric", "share", "comparison", "limit", "unit"),
    [
        ("p95 < 300ms", None, "percentile", 0.95, "<", 300, "ms"),
        ("p(99.9) < 1s", None, "percentile", 0.999, "<", 1000, "ms"),
        ("p99.9<=1.5s", None, "percentile", 0.999, "<=", 1500, "ms"),
        ("  median  <  20 ms  ", None, "median", None, "<", 20, "ms"),
        ("avg < 300ms", None, "avg", None, "<", 300, "ms"),
        ("max < 2s", None, "max", None, "<", 2000, "ms"),
        ("fail_ratio < 1%", None, "fail_ratio", None, "<", 0.01, "ratio"),
        ("fail_ratio < 0.01", None, "fail_ratio", None, "<", 0.01, "ratio"),
        ("rps > 500", None, "rps", None, ">", 500, "per_s"),
        ("requests >= 1000", None, "requests", None, ">=", 1000, "count"),
        ("GET / failures <= 5", "GET /", "failures", None, "<=", 5, "count"),
        ("exceptions <= 0", None, "exceptions", None, "<=", 0, "count"),
        ("rps >= 500/s", None, "rps", None, ">=", 500, "per_s"),
        ("GET /checkout p95 < 800ms", "GET /checkout", "percentile", 0.95, "<", 800, "ms"),
        ("a < b p50 < 1s", "a < b", "percentile", 0.5, "<", 1000, "ms"),
        ("Log in, please rps > 1", "Log in, please", "rps", None, ">", 1, "per_s"),
    ],
)
def test_understands(
    text: str,
    request_: str | None,
    metric: str,
    share: float | None,
    comparison: str,
    limit: float,
    unit: str,
) -> None:
    threshold = parse_threshold(text)
    assert threshold.expression == text.strip()
    assert (threshold.request, threshold.metric, threshold.share) == (request_, metric, share)
    assert (threshold.comparison, threshold.limit, threshold.unit) == (comparison, limit, unit)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "a comparison is missing: write <, <=, > or >="),
        ("p95 300ms", 10, "a comparison is missing: write <, <=, > or >="),
        ("p95 == 300ms", 5, "'==' is not one of <, <=, >, >="),
        ("< 300ms", 1, "a metric is missing: write p95, p(99.9), avg, median, max, "),
        ("GET /a p95x < 300ms", 8, "'p95x' is not a metric: write p95"),
        ("fail_rate < 1%", 1, "'fail_rate' is not a metric: did you mean fail_ratio?"),
        ("p100 < 1s", 1, "'p100' is not between p0 and p100: for all write max"),
        ("p0 < 1s", 1, "'p0' is not between p0 and p100"),
        ("p95 < 300", 10, "300 has no unit: write 300ms or 300s"),
        ("p95 < 3m", 8, "'m' is not a unit of this: write 3ms or 3s"),
        ("p95 <", 6, "a value is missing: write for example 300ms or 2s"),
        ("p95 < fast", 7, "'fast' is not a number with a unit: write for example 300ms or 2s"),
        ("fail_ratio < 5ms", 15, "'ms' is not a unit of this: write 5%"),
        ("rps > 5%", 8, "'%' is not a unit of this: write 5"),
        ("p95 < -1ms", 7, "'-1ms' is not a number with a unit"),
        (f"p95 < {'9' * 400}ms", 7, f"{'9' * 119}… is too large: write 300ms or 2s"),
        (f"p95 < {'9' * 307}s", 7, f"{'9' * 119}… is too large: write 300ms or 2s"),
        (f"rps > {'9' * 400}", 7, f"{'9' * 119}… is too large: write 500"),
        ("failures <= 1%", 14, "'%' is not a unit of this: write 1"),
        (
            "GET / exceptions < 3",
            1,
            "exceptions are those of the whole test: write 'exceptions < 3'",
        ),
        ("class A exceptions < 3", 1, "exceptions are those of the whole test: write 'exceptions "),
    ],
)
def test_points_at_what_it_does_not_understand(text: str, column: int, message: str) -> None:
    with pytest.raises(ThresholdError) as caught:
        parse_threshold(text)
    assert str(caught.value).startswith(message)
    assert caught.value.column == column


LONG = "x" * 50_000
DIGITS = "9" * 50_000


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG} < 1s",
        f"p95 {'=' * 50_000} 1s",
        f"p95 < {LONG}",
        f"p95 < 1{LONG}",
        f"p95 < {DIGITS}",
        f"p95 > {DIGITS}ms",
        f"p{DIGITS} < 1s",
        f"p({'0' * 50_000}95) > 1s",
        f"GET / exceptions < {DIGITS}",
        f"fail_ratio < {'0' * 50_000}5",
        f"fail_ratio < {'0' * 50_000}5%%",
    ],
    ids=range(11),
)
def test_a_refusal_does_not_repeat_all_of_a_long_text(text: str) -> None:
    with pytest.raises(ThresholdError) as caught:
        parse_threshold(text)
    assert len(str(caught.value)) < 500


MUST_HOLD = "a threshold says what must hold, and "


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("p95 > 300ms", 5, MUST_HOLD + "p95 takes < or <=: write 'p95 <= 300ms'"),
        ("GET / max >= 2s", 11, MUST_HOLD + "max takes < or <=: write 'max < 2s'"),
        ("avg > 20 ms", 5, MUST_HOLD + "avg takes < or <=: write 'avg <= 20 ms'"),
        ("fail_ratio > 1%", 12, MUST_HOLD + "fail_ratio takes < or <=: write 'fail_ratio <= 1%'"),
        ("rps < 500/s", 5, MUST_HOLD + "rps takes > or >=: write 'rps >= 500/s'"),
        ("exceptions > 3", 12, MUST_HOLD + "exceptions takes < or <=: write 'exceptions <= 3'"),
        ("requests < 10", 10, MUST_HOLD + "requests takes > or >=: write 'requests >= 10'"),
        ("rps <= 500", 5, MUST_HOLD + "rps takes > or >=: write 'rps > 500'"),
    ],
)
def test_refuses_what_holds_on_a_broken_service(text: str, column: int, message: str) -> None:
    with pytest.raises(ThresholdError) as caught:
        parse_threshold(text)
    assert (str(caught.value), caught.value.column) == (message, column)


@pytest.mark.parametrize(
    ("text", "column", "given", "meant"),
    [
        ("fail_ratio < 1", 14, "1 is 100%", "fail_ratio < 1%"),
        ("fail_ratio <= 5", 15, "5 is 500%", "fail_ratio <= 5%"),
        ("fail_ratio > 1", 14, "1 is 100%", "fail_ratio <= 1%"),
        ("fail_ratio < 100%", 14, "100% is 100%", "fail_ratio < 1%"),
        ("fail_ratio <= 250", 15, "250 is 25000%", "fail_ratio <= 1%"),
    ],
)
def test_refuses_a_ratio_that_lets_all_fail(text: str, column: int, given: str, meant: str) -> None:
    with pytest.raises(ThresholdError) as caught:
        parse_threshold(text)
    assert str(caught.value) == (
        f"{given} of the requests, and a fail_ratio must be below 100%: write '{meant}'"
    )
    assert caught.value.column == column


def test_takes_a_ratio_just_below_all() -> None:
    assert parse_threshold("fail_ratio < 99.9%").limit == 0.999


@pytest.mark.parametrize(
    ("text", "request_", "user_class"),
    [
        ("class Buyer p95 < 1s", None, "Buyer"),
        ("class  Käufer_2 rps > 1", None, "Käufer_2"),
        ("GET /class p95 < 1s", "GET /class", None),
        ("class 2 p95 < 1s", "class 2", None),
        ("p95 < 1s", None, None),
    ],
)
def test_is_about_a_request_a_user_class_or_all(
    text: str, request_: str | None, user_class: str | None
) -> None:
    threshold = parse_threshold(text)
    assert (threshold.request, threshold.user_class) == (request_, user_class)
    assert threshold.is_about_all is (request_ is None and user_class is None)
