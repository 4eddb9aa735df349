"""What a signed request asks of IAM, whatever its service, and how that service refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from flask import request as http
from moto.core.exceptions import AccessDeniedError, JsonRESTError
from moto.iam.access_control import IAMRequestBase, S3IAMRequest
from moto.s3.exceptions import BucketAccessDeniedError, S3AccessDeniedError
from werkzeug.exceptions import HTTPException

from asked import Asked
from asked_autoscaling import autoscaling_asks
from asked_ec2 import ec2_asks
from asked_kms import kms_asks
from asked_others import iam_asks, ssm_asks
from asked_s3 import s3_asks

JSON_SERVICES = ("servicequotas", "ssm")


def all_asks(request: IAMRequestBase, resource: str) -> Iterator[Asked]:
    service, action = request._action.split(":")
    if isinstance(request, S3IAMRequest):
        for asked in s3_asks(resource, http.method, http.args, http.headers, http.get_data()):
            yield asked
            yield from kms_asks(asked, http.args, http.headers, request._region)
    elif service == "autoscaling":
        yield from autoscaling_asks(action, request._data, request._region)
    elif service == "ec2":
        yield from ec2_asks(action, request._data, request._region)
    elif service == "iam":
        yield from iam_asks(action, request._data)
    elif service == "ssm":
        yield from ssm_asks(action, http.get_data(), request._region)
    else:
        yield Asked(request._action, resource)


def denied(request: IAMRequestBase, asked: Asked) -> Exception:
    """As each protocol words it."""
    who = request._access_key.arn
    reason = (
        f"User: {who} is not authorized to perform: {asked.action} on resource: {asked.resource}"
        f" because no identity-based policy allows the {asked.action} action"
    )
    if isinstance(request, S3IAMRequest) and asked.action.startswith("kms:"):
        of_the_key = S3AccessDeniedError()
        of_the_key.message = reason  # only here S3 tells more than "Access Denied"
        return of_the_key
    if isinstance(request, S3IAMRequest):
        bucket = request._data.get("BucketName")
        return BucketAccessDeniedError(bucket=bucket) if bucket else S3AccessDeniedError()
    if request._service == "ec2":
        return Unauthorized(f"You are not authorized to perform this operation. {reason}")
    if request._service in JSON_SERVICES:
        return JsonRESTError("AccessDeniedException", reason)
    refused = AccessDeniedError(who, asked.action)
    refused.description = refused.description.replace(refused.message, reason)
    return refused


class Unauthorized(HTTPException):
    code = 403

    def __init__(self, message: str) -> None:
        super().__init__(
            '<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>UnauthorizedOperation</Code>'
            f"<Message>{escape(message)}</Message></Error></Errors><RequestID>simulated</RequestID></Response>"
        )
