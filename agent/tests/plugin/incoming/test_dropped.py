"""Dropped messages are counted, and told of now and then."""

import logging

import pytest

from locust_cluster.plugin.incoming.dropped import Dropped


def test_a_flood_makes_a_line_every_ten_seconds(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    dropped = Dropped(lambda: now[0])
    with caplog.at_level(logging.WARNING):
        for step in range(2500):
            now[0] = step / 100
            dropped.add(f"reason {step}")
    assert (dropped.count, dropped.last) == (2500, "reason 2499")
    assert caplog.messages == [
        "dropped 1 messages on the workers' port, the last: reason 0",
        "dropped 1000 messages on the workers' port, the last: reason 1000",
        "dropped 1000 messages on the workers' port, the last: reason 2000",
    ]
