"""Percentiles are Locust's; steps of response times are finer than Locust's."""

import random

import pytest
from locust.stats import bucket_response_time as locusts_own
from locust.stats import calculate_response_time_percentile

from locust_cluster.runs.figures import Sample, merge, percentiles, to_figures
from locust_cluster.runs.resolution import bounds, bucket


def test_percentiles_agree_with_locusts() -> None:
    chance = random.Random(7)  # noqa: S311
    shares = [0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0]
    for size in (1, 2, 3, 19, 20, 100, 1000):
        histogram: dict[int, int] = {}
        for _ in range(size):
            value = bucket(chance.lognormvariate(5, 1))
            histogram[value] = histogram.get(value, 0) + 1
        assert percentiles(histogram, shares) == [
            calculate_response_time_percentile(histogram, size, share) for share in shares
        ]
    assert percentiles({}, [0.5]) == [None]


@pytest.mark.parametrize(
    ("true", "counted", "low", "high"),
    [
        (0.2, 0, 0, 0.5),
        (296, 296, 295.5, 296.5),
        (999.6, 1000, 999.5, 1005),
        (1049, 1050, 1045, 1055),
        (23_456, 23_500, 23_450, 23_550),
        (123_456, 123_000, 122_500, 123_500),
    ],
)
def test_steps(true: float, counted: int, low: float, high: float) -> None:
    assert bucket(true) == counted
    assert bounds(counted, bucket) == pytest.approx((low, high), abs=0.02)


def test_a_true_response_time_lies_within_the_bounds_of_what_it_is_counted_as() -> None:
    chance = random.Random(1)  # noqa: S311
    for count_as in (bucket, locusts_own):
        for _ in range(300):
            true = chance.lognormvariate(6, 2)
            low, high = bounds(count_as(true), count_as)
            assert low - 0.02 <= true <= high + 0.02
            assert high - low <= max(1, count_as(true) * 0.11)


def test_a_users_own_steps_are_found_out() -> None:
    assert bounds(200, lambda time: int(time // 100) * 100) == pytest.approx((200, 300), abs=0.02)


def test_merges_requests() -> None:
    one = Sample(2, 1, 2, 30, 10, 20, {10: 1, 20: 1})
    other = Sample(1, 0, 1, 5, 5, 5, {5: 1})
    both = merge([one, other, Sample()])
    assert (both.requests, both.failures, both.timed) == (3, 1, 3)
    assert (both.min_ms, both.max_ms) == (5, 20)
    assert both.histogram == {5: 1, 10: 1, 20: 1}


def test_figures_of_nothing() -> None:
    figures = to_figures(Sample(), 0)
    assert (figures["requests"], figures["rps"], figures["fail_ratio"]) == (0, 0, 0)
    assert figures["avg_ms"] is figures["p95_ms"] is figures["max_ms"] is None
