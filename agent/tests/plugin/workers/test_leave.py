"""How long running requests may take when a machine is about to end."""

import pytest

from locust_cluster.common.iso_time import iso
from locust_cluster.plugin.workers.leave import longest_s


@pytest.mark.parametrize(
    ("stop_timeout", "left_s", "expected"),
    [
        (0, 115, 5),
        (30, 115, 30),
        (300, 115, 75),
        (300, None, 75),
        # A late notice: the last report must leave in time.
        (60, 50, 30),
        (0, 22, 2),
        (60, 10, 0),
        (60, -30, 0),
    ],
)
def test_requests_end_well_before_the_machine(
    stop_timeout: float, left_s: float | None, expected: float
) -> None:
    now = 1_764_244_800.0
    ends = None if left_s is None else iso(now + left_s)
    assert longest_s(stop_timeout, ends, now) == pytest.approx(expected)
