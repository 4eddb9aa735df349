"""Bodies of requests, held against a type: one sentence for the first thing wrong."""

from typing import Annotated, Any

import pytest
from msgspec import Meta, Struct

from locust_cluster.common.strict import Strict
from locust_cluster.runs.request_body import allowed_in, read_body
from locust_cluster.runs.request_error import RequestError


class Item(Strict):
    price: Annotated[int, Meta(ge=1, description="a price from 1")]
    note: str | None = None


class Order(Strict):
    items: Annotated[list[Item], Meta(description="a list of items")] | None = None
    count: int | None = None


class Loose(Struct):
    name: Annotated[str, Meta(description="a name")]


def test_null_counts_as_left_out() -> None:
    assert read_body(Order, {"count": None}) == read_body(Order, {}) == Order()


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        (7, "body", "the body must be a JSON object"),
        ({"itms": []}, "itms", "'itms' is not known: did you mean 'items'?"),
        ({"x": []}, "x", "'x' is not known: known are items, count"),
        ({"items": 1}, "items", "'items' must be a list of items, got 1"),
        (
            {"items": [{"price": 1}, {"price": 0}]},
            "items[1].price",
            "'items[1].price' must be a price from 1, got 0",
        ),
        # What the document does not describe is part of what it does.
        ({"items": [{}]}, "items", "'items' must be a list of items, got [{}]"),
        (
            {"items": [{"price": 1, "note": 5}]},
            "items",
            "'items' must be a list of items, got [{'price': 1, 'note': 5}]",
        ),
        ({"count": ""}, "body", "'body' must be as docs/api.md describes it, got {'items': None"),
    ],
)
def test_names_the_innermost_place_with_a_description(body: Any, field: str, message: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_body(Order, body)
    assert str(caught.value).startswith(message)
    assert caught.value.field == field


def test_a_missing_field_is_one_of_null() -> None:
    with pytest.raises(RequestError, match=r"^'name' must be a name, got None$"):
        read_body(Loose, {"other": "is let through"})


def test_a_long_value_is_cut() -> None:
    with pytest.raises(RequestError) as caught:
        read_body(Order, {"items": "x" * 1_000})
    assert str(caught.value) == f"'items' must be a list of items, got '{'x' * 118}…"


def test_an_unknown_field_is_cut_too() -> None:
    with pytest.raises(RequestError) as caught:
        read_body(Order, {"x" * 500_000: 1})
    assert caught.value.field == "x" * 119 + "…"
    assert str(caught.value) == f"'{caught.value.field}' is not known: known are items, count"


def test_says_what_is_allowed() -> None:
    assert allowed_in(Loose, "name") == "a name"
