"""Holds the bodies of requests against their types, which come from protocol/openapi.yaml. Pure.

Whoever reads a request loads this module: Locust's start does not wait for msgspec.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from locust_cluster.runs.request_error import RequestError, shown, wrong

Body = TypeVar("Body", bound=msgspec.Struct)

Schema = Mapping[str, Any]

COMMAND_LINES = {"users": "user_count", "user": "user_count", "runtime": "run_time"}
"""Fields as Locust's command line names them."""


def read_body(kind: type[Body], body: object) -> Body:
    """The body as its type; null counts as left out. Raises RequestError for the first mistake."""
    if not isinstance(body, dict):
        raise RequestError("the body must be a JSON object", "body")
    known = kind.__struct_fields__
    if kind.__struct_config__.forbid_unknown_fields:
        _refuse_unknown(known, body)
    whole = {**dict.fromkeys(known), **body}
    try:
        return msgspec.convert(whole, kind)
    except msgspec.ValidationError as error:
        place, allowed = _nearest(kind, _place(str(error)))
        value: Any = whole
        for step in place:
            value = value[step]
        raise wrong(_field(place), allowed, value) from None


def allowed_in(kind: type[msgspec.Struct], field: str) -> str:
    """What the API's document allows in a field: `a name of 1 to 60 characters`."""
    return _nearest(kind, [field])[1]


def one_line(kind: type[msgspec.Struct], field: str, text: str) -> str:
    """What the document cannot say of a text. Raises RequestError."""
    if not text.isprintable():
        raise wrong(field, allowed_in(kind, field), text)
    return text


def _refuse_unknown(known: tuple[str, ...], body: Mapping[Any, object]) -> None:
    for key in body:
        if key not in known:
            meant = COMMAND_LINES.get(str(key))
            near = [meant] if meant in known else difflib.get_close_matches(str(key), known, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}"
            field = shown(str(key))
            raise RequestError(f"'{field}' is not known: {hint}", field)


def _place(message: str) -> list[str | int]:
    """From the end of msgspec's message: "… - at `$.thresholds[0].abort`"."""
    found = re.search(r"`\$([^`]*)`$", message)
    steps = re.findall(r"\.(\w+)|\[(\d+)\]", found[1] if found else "")
    return [name or int(index) for name, index in steps]


def _field(place: list[str | int]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(steps).lstrip(".") or "body"


def _nearest(kind: type[msgspec.Struct], place: list[str | int]) -> tuple[list[str | int], str]:
    """The innermost place on the way that the document describes, and how."""
    root = msgspec.json.schema(kind)
    schemas = list(_branches(root, root["$defs"]))
    nearest: tuple[list[str | int], str] = ([], "as docs/api.md describes it")
    for depth, step in enumerate(place, 1):
        below = (_below(each, step) for each in schemas)
        schemas = [branch for each in below if each for branch in _branches(each, root["$defs"])]
        for text in [each["description"] for each in schemas if "description" in each][:1]:
            nearest = (place[:depth], text)
    return nearest


def _below(schema: Schema, step: str | int) -> Schema | None:
    found = schema.get("items") if isinstance(step, int) else schema.get("properties", {}).get(step)
    return found if isinstance(found, dict) else None


def _branches(schema: Schema, definitions: Mapping[str, Schema]) -> Iterator[Schema]:
    """A schema, the one that it refers to, and its alternatives."""
    yield schema
    if "$ref" in schema:
        yield from _branches(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    for each in schema.get("anyOf", ()):
        yield from _branches(each, definitions)
