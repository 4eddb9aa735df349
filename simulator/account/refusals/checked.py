"""Every request is looked at before moto sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from werkzeug.wrappers import Request

from refusals import ec2, iam, s3
from refusals.answers import answer
from refusals.refusal import Refusal
from refusals.request import Asked, MalformedRequest, asked
from refusals.shapes import violations
from refusals.wording import EC2_NAMING, NAMING, malformed, unknown_parameter, worded

PROSE: dict[str, Callable[[Asked], Iterator[Refusal]]] = {"ec2": ec2.refusals, "iam": iam.refusals, "s3": s3.refusals}

# Left to moto, which says InvalidInstanceType as EC2 does.
OWN_WORDS = {"DescribeInstanceTypes"}


class Checked:
    """Under the lock of OneAtATime, whose copy of the body can be read twice."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            found = asked(Request(environ))
        except MalformedRequest as error:
            protocol, reason = error.args
            return answer(malformed(protocol, reason), protocol)(environ, start_response)
        refusal = found and next(refusals(found), None)
        if found and refusal:
            return answer(refusal, found.protocol)(environ, start_response)
        environ["wsgi.input"].seek(0)
        return self.app(environ, start_response)  # type: ignore[no-any-return]


def refusals(found: Asked) -> Iterator[Refusal]:
    if found.unknown:
        yield unknown_parameter(found.unknown[0])
    shape = found.operation.input_shape
    if shape and found.operation.name not in OWN_WORDS:
        naming = EC2_NAMING if found.protocol == "ec2" else NAMING
        broken = list(violations(found.values, shape, naming))
        if broken:
            yield worded(found.service, found.protocol, broken)
    if found.service in PROSE:
        yield from PROSE[found.service](found)
