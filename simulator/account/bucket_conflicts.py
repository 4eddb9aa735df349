"""S3 refuses to configure a bucket while it is being configured: calls that meet get 409 OperationAborted.

Seen with a policy and a public access block at once (terraform-provider-aws #7628), and with any two of encryption,
versioning, tags and the bucket's own creation and deletion (#11789).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Request

from refusals.answers import answer
from refusals.refusal import Refusal
from refusals.s3_operations import s3_place

SETTLE_SECONDS = 0.2
"""How long a bucket is being configured, after what was asked for is done: long enough that calls at once do meet."""

ABORTED = Refusal(
    "OperationAborted",
    "A conflicting conditional operation is currently in progress against this resource. Please try again.",
    409,
)

lock = threading.Lock()
under_way: set[str] = set()


class BucketConflicts:
    """Outside of OneAtATime, in whose queue no two calls would meet."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        bucket = configured_bucket(environ)
        if bucket is None:
            return self.app(environ, start_response)  # type: ignore[no-any-return]
        with lock:
            if bucket in under_way:
                print(f"409 OperationAborted: two calls configure {bucket} at once", file=sys.stderr)
                Request(environ).get_data()  # or its body would be taken for the connection's next request
                return answer(ABORTED, "rest-xml")(environ, start_response)
            under_way.add(bucket)
        try:
            done = self.app(environ, start_response)
            time.sleep(SETTLE_SECONDS)
            return done  # type: ignore[no-any-return]
        finally:
            under_way.discard(bucket)


def configured_bucket(environ: dict[str, Any]) -> str | None:
    """Of a PUT or DELETE that names a bucket and no object."""
    request = Request(environ)
    place = s3_place(request)
    is_s3 = "/s3/aws4_request" in request.headers.get("Authorization", "")
    return place[0] if is_s3 and request.method in ("PUT", "DELETE") and len(place) == 1 else None
