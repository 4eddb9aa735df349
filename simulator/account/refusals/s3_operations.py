"""Which operation of S3 a request is: method, path and sub-resource say it, headers tell a copy from an upload."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple
from urllib.parse import parse_qsl

from moto.core.model import ServiceModel
from werkzeug.wrappers import Request


class Pattern(NamedTuple):
    name: str
    method: str
    depth: int
    """0 for the account, 1 for a bucket, 2 for an object."""
    query: dict[str, str]
    headers: frozenset[str]
    arguments: frozenset[str]

    @property
    def weight(self) -> int:
        return len(self.query) + len(self.headers) + len(self.arguments)


def s3_place(request: Request) -> tuple[str, ...]:
    """Bucket and key, as far as the request names them: a bucket's name may be in the host's name or in the path."""
    host = re.match(r"(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com", request.host)
    path = request.path.lstrip("/")
    bucket, _, key = (host[1], "", path) if host else path.partition("/")
    return tuple(part for part in (bucket, key) if part)


def s3_operation(model: ServiceModel, request: Request) -> str | None:
    depth = len(s3_place(request))
    found = [
        pattern
        for pattern in patterns(model)
        if pattern.method == request.method
        and pattern.depth == depth
        and all(request.args.get(name) in (value, value or None) for name, value in pattern.query.items())
        and all(name in request.args for name in (*pattern.query, *pattern.arguments))
        and all(name in request.headers for name in pattern.headers)
    ]
    return max(found, key=lambda pattern: pattern.weight).name if found else None


@cache
def patterns(model: ServiceModel) -> list[Pattern]:
    """`max` takes the first of equals, by name. A deprecated operation has a successor at its place."""
    operations = [model.operation_model(name) for name in sorted(model.operation_names)]
    return [
        Pattern(
            operation.name,
            operation.http["method"],
            path.count("{"),
            dict(parse_qsl(query, keep_blank_values=True)),
            required(operation.input_shape, "header"),
            required(operation.input_shape, "querystring"),
        )
        for operation in operations
        if not operation.deprecated
        for path, _, query in [operation.http["requestUri"].partition("?")]
    ]


def required(shape, location: str) -> frozenset[str]:
    members = [shape.members[name] for name in shape.required_members] if shape else []
    places = [member.serialization for member in members if member.serialization.get("location") == location]
    return frozenset(place["name"] for place in places)
