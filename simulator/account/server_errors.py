"""What EC2 answers with a status of 5xx, which clients try again; moto answers 400, which they do not."""

from __future__ import annotations

from typing import Any

from moto.core import serialize

from moto_fixes import replace

STATUS = {
    # "Common client error codes" and "Server error codes", Amazon EC2 Developer Guide, "Error codes for the EC2 API"
    "RequestLimitExceeded": 503,
    "InsufficientInstanceCapacity": 500,
}


@replace(serialize, "get_error_model")
def with_status(original: Any, error: Exception, *rest: Any) -> Any:
    shape = original(error, *rest)
    status = STATUS.get(getattr(error, "code", ""))
    if status:
        shape.metadata["error"]["httpStatusCode"] = status
    return shape
