"""What a signed HTTP request asks for: service, operation and its input, as the service's model has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import determine_request_protocol
from moto.core.utils import get_service_model
from werkzeug.wrappers import Request

from refusals.s3_operations import s3_operation, s3_place

BOTOCORE_NAMES = {"servicequotas": "service-quotas", "elasticloadbalancing": "elbv2", "monitoring": "cloudwatch"}
"""Where the name in a signature's scope is not botocore's."""

# Of every query: the signature's own (EC2 API Reference, "Common query parameters").
COMMON = re.compile("Action|Version|Timestamp|Expires|SecurityToken|AWSAccessKeyId|Signature.*|X-Amz-.*")


class MalformedRequest(Exception):
    """The input is not what the operation's model describes."""


@dataclass(frozen=True)
class Call:
    protocol: str
    operation: OperationModel
    values: Mapping[str, Any]
    unknown: list[str]
    """Parameters of a query that the operation does not have."""
    region: str

    @property
    def service(self) -> str:
        return str(self.operation.service_model.service_name)


class Read(dict[str, str]):
    """A query that notes which of its parameters were asked for."""

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__(query)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


def call_of(request: Request) -> Call | None:
    """None for a request without a signature, which is refused for that, and for one that no model describes.

    Raises MalformedRequest.
    """
    model = service_of(request)
    operation = model and operation_of(model, request)
    if not model or not operation:
        return None
    protocol = determine_request_protocol(model, request.content_type)
    query: Any = Read(request.values.to_dict()) if protocol in ("ec2", "query") else request.args
    received = {
        "method": request.method,
        "values": query,
        "headers": request.headers,
        "body": body_of(operation, request),
        "url_path": request.path,
        "url_params": dict(zip(("Bucket", "Key"), s3_place(request), strict=False)),
    }
    try:
        values = PROTOCOL_PARSERS[protocol](operation).parse(received)
    except (RequestParserError, ValueError, TypeError, AttributeError) as error:
        raise MalformedRequest(protocol, str(error)) from error
    unknown = unread(query) if protocol == "ec2" else []
    return Call(protocol, operation, values, unknown, scope_of(request)[0])


def unread(query: Read) -> list[str]:
    return [name for name in query if name not in query.asked and not COMMON.fullmatch(name)]


def scope_of(request: Request) -> tuple[str, str]:
    """Region and service of the signature: `Credential=<key>/<date>/<region>/<service>/aws4_request`."""
    scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request", request.headers.get("Authorization", ""))
    return (scope[1], scope[2]) if scope else ("", "")


def service_of(request: Request) -> ServiceModel | None:
    service = scope_of(request)[1]
    if not service:
        return None
    try:
        return model_of(BOTOCORE_NAMES.get(service, service))
    except UnknownServiceError:
        return None


@cache
def model_of(service: str) -> ServiceModel:
    return get_service_model(service)


def operation_of(model: ServiceModel, request: Request) -> OperationModel | None:
    target = request.headers.get("X-Amz-Target", "").split(".")[-1]
    name = s3_operation(model, request) if model.service_name == "s3" else target or request.values.get("Action")
    return model.operation_model(name) if name in model.operation_names else None


def body_of(operation: OperationModel, request: Request) -> bytes:
    """Without content that is only stored: it may be of any size, and no text."""
    shape = operation.input_shape
    payload = shape and shape.members.get(shape.serialization.get("payload"))
    return b"" if payload is not None and payload.type_name == "blob" else request.get_data()
