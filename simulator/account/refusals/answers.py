"""A refusal as the protocol of its service carries it."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from refusals.refusal import Refusal

REQUEST_ID = "simulated"


def answer(refusal: Refusal, protocol: str) -> Response:
    code, message, status = refusal
    if protocol in ("json", "rest-json"):
        body = json.dumps({"__type": code, "message": message})
        return Response(body, status, {"x-amzn-ErrorType": code}, content_type="application/x-amz-json-1.1")
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{envelope(error, protocol)}', status, mimetype="text/xml")


def envelope(error: str, protocol: str) -> str:
    if protocol == "ec2":
        errors = f"<Errors><Error>{error}</Error></Errors>"
        return f"<Response>{errors}<RequestID>{REQUEST_ID}</RequestID></Response>"
    if protocol == "query":
        one = f"<Error><Type>Sender</Type>{error}</Error>"
        return f"<ErrorResponse>{one}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    return f"<Error>{error}<RequestId>{REQUEST_ID}</RequestId></Error>"
