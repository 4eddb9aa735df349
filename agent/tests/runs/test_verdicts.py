"""Judging: the right figures, the right requests, on the safe side."""

import pytest
from locust.stats import RequestStats
from locust.stats import bucket_response_time as locusts_own

from locust_cluster.runs.figures import Sample
from locust_cluster.runs.locust_statistics import samples
from locust_cluster.runs.resolution import Bucket, bucket
from locust_cluster.runs.thresholds import parse_threshold
from locust_cluster.runs.verdicts import Measured, Verdict, judge, overall, undecided

Samples = dict[tuple[str, str], Sample]


def measured(times: list[float], failures: int = 0, count_as: Bucket = bucket) -> Sample:
    histogram: dict[int, int] = {}
    for time in times:
        histogram[count_as(time)] = histogram.get(count_as(time), 0) + 1
    return Sample(len(times), failures, len(times), sum(times), min(times), max(times), histogram)


def verdict(text: str, found: Samples, seconds: float = 10, count_as: Bucket = bucket) -> Verdict:
    return judge(parse_threshold(text), Measured(seconds, found), count_as)


def alone(times: list[float], failures: int = 0) -> Samples:
    return {("GET", "/"): measured(times, failures)}


@pytest.mark.parametrize(
    ("text", "times", "passed"),
    [
        ("p95 < 300ms", [296.0], True),
        ("p95 < 296ms", [296.0], False),
        ("p95 <= 296ms", [296.0], False),  # the step reaches to 296.5 ms
        ("p95 <= 297ms", [296.0], True),
        ("p95 < 1050ms", [1049.0], False),
        ("p95 < 1056ms", [1049.0], True),
        ("p95 < 1054ms", [1049.0], False),  # it may be 1055 ms
        ("median <= 296.5ms", [296.0], True),
        ("avg < 300ms", [299.9], True),
        ("max < 1050ms", [1049.0], True),
        ("max < 1049ms", [1049.0], False),
    ],
)
def test_response_times(text: str, times: list[float], passed: bool) -> None:
    assert verdict(text, alone(times * 20)).passed is passed


def test_says_the_resolution_and_why_it_decides_on_the_safe_side() -> None:
    result = verdict("p95 < 1054ms", alone([1049.0]))
    assert (result.actual, result.resolution_ms, result.unit) == (1050, 10, "ms")
    assert result.message == (
        "1,050 ms, counted in steps of 10 ms: it may be 1,055 ms, not below 1,054 ms"
    )
    assert verdict("p95 < 300ms", alone([296.0])).message == "296 ms, below 300 ms"


def test_knows_the_steps_of_locusts_own_rounding() -> None:
    found = {("GET", "/"): measured([296.0], count_as=locusts_own)}
    result = verdict("p95 < 303ms", found, count_as=locusts_own)
    assert (result.passed, result.actual, result.resolution_ms) == (False, 300, 10)
    assert verdict("p95 < 306ms", found, count_as=locusts_own).passed is True


def test_ratio_and_rate() -> None:
    found = alone([10.0] * 100, failures=1)
    assert verdict("fail_ratio < 1%", found).passed is False
    assert verdict("fail_ratio <= 1%", found).passed is True
    assert verdict("fail_ratio < 1%", found).message == "1%, not below 1%"
    assert verdict("rps > 9.9", found).passed is True
    assert verdict("rps > 10", found).message == "10/s, not above 10/s"


def test_chooses_requests_by_name_with_or_without_the_method() -> None:
    found = {
        ("GET", "/a"): measured([10.0]),
        ("POST", "/a"): measured([500.0]),
        ("GET", "/b"): measured([900.0]),
    }
    assert verdict("GET /a p95 < 100ms", found).passed is True
    assert verdict("/a max < 100ms", found).passed is False
    assert verdict("/a max < 600ms", found).passed is True
    assert verdict("max < 600ms", found).passed is False
    missing = verdict("GET /c p95 < 1s", found)
    assert missing.passed is False
    assert missing.message == "no request 'GET /c': there were GET /a, GET /b, POST /a"


@pytest.mark.parametrize("text", ["p95 < 1s", "avg < 1s", "max < 1s", "fail_ratio < 1%"])
def test_nothing_measured_is_no_success(text: str) -> None:
    assert verdict(text, {}).passed is False
    assert verdict("rps > 1", {}).actual == 0


def test_a_request_that_only_failed_without_an_answer_counts() -> None:
    found = {("GET", "/"): Sample(requests=0, failures=3)}
    assert verdict("fail_ratio < 1%", found).actual == 1


def test_counts_of_requests_failures_and_exceptions() -> None:
    measured_ = Measured(10, alone([10.0] * 1_200, failures=3), exceptions=2)

    def message(text: str) -> str:
        result = judge(parse_threshold(text), measured_, bucket)
        assert (result.unit, result.resolution_ms) == ("count", None)
        return f"{result.passed}: {result.message}"

    assert message("requests >= 1200") == "True: 1,200, at least 1,200"
    assert message("GET / requests > 1200") == "False: 1,200, not above 1,200"
    assert message("failures <= 3") == "True: 3, at most 3"
    assert message("exceptions < 2") == "False: 2, not below 2"


def test_judges_the_requests_of_a_user_class() -> None:
    classes = {"Buyer": measured([500.0], failures=1), "Visitor": measured([10.0])}
    found = Measured(10, alone([10.0, 500.0], failures=1), classes)

    def result(text: str) -> Verdict:
        return judge(parse_threshold(text), found, bucket)

    assert result("class Visitor max < 100ms").passed is True
    assert result("class Buyer max < 100ms").passed is False
    assert result("class Buyer fail_ratio < 1%").actual == 1
    missing = result("class Seller max < 1s")
    assert (missing.passed, missing.message) == (False, "user class 'Seller' made no request")


def test_overall() -> None:
    good, bad = verdict("max < 1s", alone([1.0])), verdict("max < 1s", alone([2000.0]))
    open_ = undecided(parse_threshold("max < 1s"))
    assert overall([]) is None
    assert overall([good, good]) is True
    assert overall([good, bad]) is False
    assert overall([good, open_]) is None


def test_reads_locusts_statistics() -> None:
    stats = RequestStats()
    stats.log_request("GET", "/a", 12, 100)
    stats.log_request("GET", "/a", None, 100)  # type: ignore[arg-type]
    stats.log_error("GET", "/a", "no")
    stats.get("/empty", "GET")
    (sample,) = samples(stats).values()
    assert (sample.requests, sample.failures, sample.timed) == (2, 1, 1)
    assert (sample.min_ms, sample.max_ms, sample.avg_ms) == (12, 12, 12)
