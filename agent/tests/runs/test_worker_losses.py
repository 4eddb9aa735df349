"""A run tells that worker processes were lost meanwhile."""

from typing import Any

import pytest

from locust_cluster.runs.worker_losses import WorkerLosses


def test_one_that_left_in_order_is_no_loss() -> None:
    losses = WorkerLosses()
    losses.look("abc", 2)
    losses.excuse("b")
    losses.look("ac", 4)
    assert losses.to_document() == {"count": 0, "first_s": None, "back_s": None}
    losses.look("a", 6)
    losses.look("ad", 8)
    assert losses.to_document() == {"count": 1, "first_s": 6, "back_s": 8}


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        (["ab", "ab"], (0, None, None)),
        (["ab", "a", "a"], (1, 4.0, None)),
        (["ab", "a", "ac"], (1, 4.0, 6.0)),
        # The next process is there before Locust misses the killed one.
        (["ab", "abc", "ac", "ac"], (1, 6.0, 6.0)),
        (["ab", "ac", "c", "cd", "cd"], (2, 4.0, 8.0)),
        # One that joins is no loss.
        (["ab", "abc"], (0, None, None)),
    ],
)
def test_counts_processes_that_are_gone(looks: list[str], expected: tuple[Any, ...]) -> None:
    losses = WorkerLosses()
    for number, present in enumerate(looks, 1):
        losses.look(present, 2.0 * number)
    assert tuple(losses.to_document().values()) == expected
