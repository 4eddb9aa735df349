"""Every request is looked at before moto sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from werkzeug.wrappers import Request

from refusals import autoscaling, ec2, iam, s3
from refusals.answers import answer
from refusals.refusal import Refusal
from refusals.request import Call, MalformedRequest, call_of
from refusals.shapes import violations
from refusals.wording import EC2_NAMING, NAMING, malformed, unknown_parameter, worded

PROSE: dict[str, Callable[[Call], Iterator[Refusal]]] = {
    "autoscaling": autoscaling.refusals,
    "ec2": ec2.refusals,
    "iam": iam.refusals,
    "s3": s3.refusals,
}

# Left to moto, which says InvalidInstanceType as EC2 does.
OWN_WORDS = {"DescribeInstanceTypes"}


class Checked:
    """Under the lock of OneAtATime, whose copy of the body can be read twice."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            call = call_of(Request(environ))
        except MalformedRequest as error:
            protocol, reason = error.args
            return answer(malformed(protocol, reason), protocol)(environ, start_response)
        refusal = call and next(refusals(call), None)
        if call and refusal:
            return answer(refusal, call.protocol)(environ, start_response)
        environ["wsgi.input"].seek(0)
        return self.app(environ, start_response)  # type: ignore[no-any-return]


def refusals(call: Call) -> Iterator[Refusal]:
    if call.unknown:
        yield unknown_parameter(call.unknown[0])
    shape = call.operation.input_shape
    if shape and call.operation.name not in OWN_WORDS:
        naming = EC2_NAMING if call.protocol == "ec2" else NAMING
        broken = list(violations(call.values, shape, naming))
        if broken:
            yield worded(call.service, call.protocol, broken)
    if call.service in PROSE:
        yield from PROSE[call.service](call)
