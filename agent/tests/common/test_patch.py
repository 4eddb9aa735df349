"""Ours in the place of a part of Locust's."""

import pytest

from locust_cluster.common.patch import patch


class Runner:
    def stop(self) -> str:
        return "its own"


def test_takes_the_place_of_a_method_of_one_instance() -> None:
    runner = Runner()
    patch(runner, "stop", lambda: "ours")
    assert (runner.stop(), Runner().stop()) == ("ours", "its own")


def test_a_part_that_a_newer_locust_does_not_have_is_no_place() -> None:
    """Else what it is for would be gone, and nobody told."""
    with pytest.raises(AttributeError, match="'halt'"):
        patch(Runner(), "halt", lambda: "ours")
