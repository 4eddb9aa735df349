"""The emulated AWS account: moto's server with its fixes, Debian's images and one user who may do everything.

Listens with TLS on a free port of loopback and, with --socket, on a Unix socket for a TLS front that serves the real
host names to machines. Says where it listens in one line of JSON, logs to stderr, and ends when its stdin does, that
is with its parent.

Beyond AWS's API it answers, on loopback only:
    GET /simulator/instances/<id>/credentials   what the metadata service gives to that instance (404 without a role)
    GET /simulator/actions?caller=<ARN>         which actions that one asked for, with resources and answers
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from moto import settings
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

import bucket_defaults  # noqa: F401
import capacity
import dependencies  # noqa: F401
import lifecycle
import moto_fixes
import refusals.launches  # noqa: F401
import scaling  # noqa: F401
import scheduled_actions  # noqa: F401
import throttling
from action_trace import traced
from bucket_conflicts import BucketConflicts
from certificate import write_certificate
from content import add_administrator, add_debian
from instance_credentials import instance_credentials
from lifecycle import LateAnswers
from refusals.checked import Checked
from repeated_calls import RepeatedCalls

LOOPBACK = "127.0.0.1"
INTERNAL = ("/simulator/", "/moto-api/")


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections: a TLS handshake for each of Terraform's calls is slow


class OneAtATime:
    """moto changes dictionaries in one thread while it iterates over them in another, and answers 500 after having done
    what was asked; Terraform asks again and is told that it is there already. A body is read first: its client may
    have lost its network.
    """

    lock = threading.Lock()

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = Request(environ).get_data(cache=False)
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        with self.lock:
            return self.app(environ, start_response)  # type: ignore[no-any-return]


class Front:
    """Behind a TLS front: believes its X-Forwarded-Proto, and keeps what is not AWS's from its clients."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(INTERNAL):
            return Response(status=404)(environ, start_response)
        environ["wsgi.url_scheme"] = environ.get("HTTP_X_FORWARDED_PROTO", "http")
        return self.app(environ, start_response)  # type: ignore[no-any-return]


class Loopback:
    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        parts = environ["PATH_INFO"].strip("/").split("/")
        if parts[0] != "simulator":
            return self.app(environ, start_response)  # type: ignore[no-any-return]
        if parts[1:] == ["actions"]:
            answer = Response(json.dumps(traced(Request(environ).args["caller"])), content_type="application/json")
            return answer(environ, start_response)
        credentials = (
            instance_credentials(parts[2]) if parts[1:2] == ["instances"] and parts[3:] == ["credentials"] else None
        )
        answer = Response(json.dumps(credentials), 200 if credentials else 404, content_type="application/json")
        return answer(environ, start_response)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, required=True, help="where certificate.pem goes, which clients must trust"
    )
    parser.add_argument("--socket", help="path of the Unix socket for a TLS front")
    parser.add_argument(
        "--late-role-seconds",
        type=float,
        default=0,
        help="how long S3 refuses a role after its first request",
    )
    parser.add_argument("--answer-seconds", type=float, help="between RunInstances' work and its answer")
    parser.add_argument("--pending-seconds", type=float, help="how long an instance is pending")
    parser.add_argument("--shutting-down-seconds", type=float, help="how long a terminating one is shutting down")
    parser.add_argument("--throttle", type=float, default=1, help="size of EC2's token buckets, of AWS's")
    parser.add_argument("--exhausted-zone", help="zone in which there is no capacity for any instance")
    parser.set_defaults(**{f"{name}_seconds": value for name, value in asdict(lifecycle.delays).items()})
    options = parser.parse_args()

    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0  # signatures and policies are checked from the first request on
    moto_fixes.late_role_seconds = options.late_role_seconds
    lifecycle.delays = lifecycle.Delays(options.answer_seconds, options.pending_seconds, options.shutting_down_seconds)
    throttling.scale = options.throttle
    capacity.exhausted_zone = options.exhausted_zone
    add_debian()
    access_key = add_administrator()
    certificate, key = write_certificate(options.folder, LOOPBACK)

    app = DomainDispatcherApplication(create_backend_app)
    tls = (str(certificate), str(key))
    server = make_server(
        LOOPBACK,
        0,
        LateAnswers(BucketConflicts(OneAtATime(RepeatedCalls(Checked(Loopback(app)))))),
        threaded=True,
        ssl_context=tls,
        request_handler=Handler,
    )
    serve(server)
    if options.socket:
        os.umask(0o077)
        front = LateAnswers(BucketConflicts(OneAtATime(RepeatedCalls(Checked(Front(app))))))
        serve(make_server(f"unix://{options.socket}", 0, front, threaded=True, request_handler=Handler))
    ready = {"url": f"https://{LOOPBACK}:{server.port}", "certificate": str(certificate), **access_key}
    print(json.dumps(ready), flush=True)
    sys.stdin.read()


def serve(server: Any) -> None:
    threading.Thread(target=server.serve_forever, daemon=True).start()


if __name__ == "__main__":
    main()
