"""The emulated AWS account: moto's server with its fixes, Debian's images and one user who may do everything.

Listens with TLS on a free port of loopback and, with --socket, on a Unix socket for a TLS front that serves the real
host names to machines. Says where it listens in one line of JSON, logs to stderr, and ends when its stdin does, that
is with its parent.

Beyond AWS's API it answers what loopback.py says, on loopback only.
"""

from __future__ import annotations

import argparse
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
from werkzeug.wrappers import Response

import bucket_defaults  # noqa: F401
import debian_images  # noqa: F401
import lifecycle
import moto_fixes
import peering  # noqa: F401
import scaling  # noqa: F401
import throttling
from administrator import add_administrator
from bucket_conflicts import BucketConflicts
from certificate import write_certificate
from lifecycle import LateAnswers
from loopback import PREFIX, Loopback
from passing_time import OneAtATime, keep_ticking
from refusals.checked import Checked
from repeated_calls import RepeatedCalls

LOOPBACK = "127.0.0.1"
INTERNAL = (PREFIX, "/moto-api/")


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections: a TLS handshake for each of Terraform's calls is slow


class Front:
    """Behind a TLS front: believes its X-Forwarded-Proto, and keeps what is not AWS's from its clients."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(INTERNAL):
            return Response(status=404)(environ, start_response)
        environ["wsgi.url_scheme"] = environ.get("HTTP_X_FORWARDED_PROTO", "http")
        return self.app(environ, start_response)  # type: ignore[no-any-return]


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
    parser.add_argument("--health-check-seconds", type=float, help="until a group sees that a machine is not running")
    parser.add_argument("--relaunch-seconds", type=float, help="until a group tries again what failed")
    parser.add_argument("--scaling-seconds", type=float, help="until a group acts on another capacity")
    parser.add_argument("--throttle", type=float, default=1, help="size of the token buckets, of AWS's")
    parser.set_defaults(**{f"{name}_seconds": value for name, value in asdict(lifecycle.delays).items()})
    options = parser.parse_args()

    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0  # signatures and policies are checked from the first request on
    moto_fixes.late_role_seconds = options.late_role_seconds
    for name in asdict(lifecycle.delays):
        setattr(lifecycle.delays, name, getattr(options, f"{name}_seconds"))
    throttling.scale = options.throttle
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
    threading.Thread(target=keep_ticking, daemon=True).start()
    ready = {"url": f"https://{LOOPBACK}:{server.port}", "certificate": str(certificate), **access_key}
    print(json.dumps(ready), flush=True)
    sys.stdin.read()


def serve(server: Any) -> None:
    threading.Thread(target=server.serve_forever, daemon=True).start()


if __name__ == "__main__":
    main()
