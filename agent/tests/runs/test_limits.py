"""The limits in protocol/openapi.yaml against a real master: it takes what they allow, no more."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from runs_client import Runs

from locust_cluster.common.constants import MOST_USERS

SPEC: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[3] / "protocol" / "openapi.yaml").read_text()
)
SCHEMAS: dict[str, Any] = SPEC["components"]["schemas"]

LENGTHS = ("minLength", "maxLength", "maxItems", "maxProperties")
NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "multipleOf")

ANYTHING: tuple[Any, ...] = (
    *(0, 1, -1, 0.5, True, False),
    *("", " ", "\n", "a", "-a", "a b", "é", "5m", "1h30", " 90s ", "5 minutes", "-5", "9" * 10),
    *([], [""], ["a"], ["a", "a"], [1], [None], [["a"]], {}, {"a": "b"}, {"a": 1}, {"a": None}),
    *([{}], [{"expression": "rps > 1"}], [{"expression": "rps > 1", "other": 1}]),
)


def limits(schema: Any) -> Iterator[tuple[str, float]]:
    """Everything that bounds a value, whatever its type."""
    if isinstance(schema, list):
        for each in schema:
            yield from limits(each)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield from limits(SCHEMAS[value.rpartition("/")[2]])
            elif key in (*LENGTHS, *NUMBERS):
                yield key, value
            else:
                yield from limits(value)


def candidates(schema: Any) -> Iterator[Any]:
    """At each limit, and one below and above; and whatever else a client may send."""
    yield from ANYTHING
    for key, limit in limits(schema):
        for value in (limit - 1, limit, limit + 1):
            if key in NUMBERS:
                yield value
            elif value >= 0:
                length = int(value)
                yield from ("a" * length, ["rps > 1"] * length)
                yield {f"label-{number}": "a" for number in range(length)}


def is_allowed(schema: Any, value: Any) -> bool:
    validator = Draft202012Validator({**schema, "components": SPEC["components"]})
    return bool(validator.is_valid(value))


Body = Callable[[Any], dict[str, Any]]


def fields(kind: str, body: Callable[[str, Any], Any], prefix: str = "") -> list[Any]:
    """A case for each field: the request's type, its schema, the body with a value, its name."""
    properties = SCHEMAS[kind]["properties"]
    return [
        pytest.param(schema, lambda value, name=name: body(name, value), prefix + name, id=name)
        for name, schema in properties.items()
    ]


def hold(name: str, value: Any) -> Any:
    return {"reason": "a", "seconds": 60, name: value}


def condition(name: str, value: Any) -> Any:
    return {"thresholds": [{"expression": "rps > 1", name: value}]}


@pytest.fixture(scope="module")
def held(runs: Runs) -> Iterator[Runs]:
    """A master that reads each request and begins no run."""
    runs.ask("PUT", "/cluster/hold", {"reason": "limits are tried", "seconds": 3600})
    yield runs
    runs.ask("DELETE", "/cluster/hold")


@pytest.mark.parametrize(
    ("schema", "body", "field"),
    [
        *fields("RunRequest", lambda name, value: {name: value}),
        *fields("Condition", condition, "thresholds[0]."),
    ],
)
def test_of_a_run(held: Runs, schema: Any, body: Body, field: str) -> None:
    for value in candidates(schema):
        reply = held.ask("POST", "/cluster/runs", body(value))
        error = reply.json()["error"]
        # What no schema can say: the grammar of thresholds, and that a run takes time.
        if is_allowed(schema, value) and not (field == "run_time" and value == 0):
            assert error["code"] in ("runs_held", "invalid_threshold"), (value, error)
        else:
            assert error["code"] == "invalid_request", (value, error)
            assert error["field"].startswith(field), (value, error)
            assert error["message"].startswith(f"'{error['field']}' must be "), (value, error)


@pytest.mark.parametrize(("schema", "body", "field"), fields("HoldRequest", hold))
def test_of_a_hold(held: Runs, schema: Any, body: Body, field: str) -> None:
    for value in candidates(schema):
        reply = held.ask("PUT", "/cluster/hold", body(value))
        assert (reply.status == 200) is is_allowed(schema, value), (value, reply.body)
        assert reply.status == 200 or reply.json()["error"]["field"] == field


@pytest.mark.parametrize(
    ("schema", "body", "field"), fields("StopRequest", lambda name, value: {name: value})
)
def test_of_a_stop(runs: Runs, schema: Any, body: Body, field: str) -> None:
    runs.ask("DELETE", "/cluster/hold")
    run = runs.start(user_count=1, expect_workers=99)
    for value in candidates(schema):
        if value == "\n":
            continue  # what the schema cannot say: one line
        reply = runs.ask("POST", f"/cluster/runs/{run}/stop", body(value))
        assert (reply.status == 200) is is_allowed(schema, value), (value, reply.body)
        assert reply.status == 200 or reply.json()["error"]["field"] == field
    runs.wait_for_end(run)


@pytest.mark.parametrize("kind", ["RunRequest", "Condition"])
def test_no_other_field(held: Runs, kind: str) -> None:
    assert SCHEMAS[kind]["additionalProperties"] is False
    body = {"other": 1} if kind == "RunRequest" else condition("other", 1)
    error = held.ask("POST", "/cluster/runs", body).json()["error"]
    assert error["field"] == ("other" if kind == "RunRequest" else "thresholds[0]")


@pytest.mark.parametrize("field", SCHEMAS["HoldRequest"]["required"])
def test_no_field_less(held: Runs, field: str) -> None:
    body = {name: value for name, value in hold("reason", "a").items() if name != field}
    assert held.ask("PUT", "/cluster/hold", body).json()["error"]["field"] == field


QUERIES = [
    (path, each["name"], each["schema"])
    for path, methods in SPEC["paths"].items()
    for each in methods.get("get", {}).get("parameters", ())
    if each["in"] == "query" and each["schema"].get("type") == "integer"
]


@pytest.mark.parametrize(("path", "name", "schema"), QUERIES)
def test_of_a_query(runs: Runs, path: str, name: str, schema: Any) -> None:
    run = runs.ask("GET", "/cluster/runs").json()["runs"][0]["id"]
    for value in (each for each in candidates(schema) if type(each) is int):
        reply = runs.ask("GET", f"{path.format(id=run)}?{name}={value}")
        assert (reply.status == 200) is is_allowed(schema, value), (value, reply.body)


@pytest.mark.parametrize("kind", ["RunRequest", "Condition", "HoldRequest", "StopRequest"])
def test_says_the_limits_in_words(kind: str) -> None:
    """A refusal shows the description of the field."""
    for name, schema in SCHEMAS[kind]["properties"].items():
        known = {**SCHEMAS.get(schema.get("$ref", "").rpartition("/")[2], {}), **schema}
        for limit in ("maximum", "maxLength", "maxItems", "maxProperties"):
            # Nobody writes an address of 2,000 characters by mistake.
            if limit in known and name != "host":
                assert f"{known[limit]:,}" in known["description"], name


def test_users_have_one_limit() -> None:
    """The command line's is the API's."""
    assert SCHEMAS["Count"]["maximum"] == MOST_USERS
