"""Who stops a run, for its reason."""

from typing import Any

import pytest

from locust_cluster.plugin.page.stop_request import parse_stop
from locust_cluster.runs.request_error import RequestError


@pytest.mark.parametrize("body", [None, {}, {"by": None}, [], "text"])
def test_nobody_is_named(body: Any) -> None:
    assert parse_stop(body) == "over the API"


@pytest.mark.parametrize("by", ["'locust-cluster stop'", "x" * 100])
def test_somebody_is_named(by: str) -> None:
    assert parse_stop({"by": by}) == f"by {by}"


@pytest.mark.parametrize("by", ["", "x" * 101, "two\nlines", "\x1b[31m", 5, ["a"]])
def test_what_is_no_name_is_refused(by: Any) -> None:
    with pytest.raises(RequestError, match="'by' must be a text of one line"):
        parse_stop({"by": by})
