"""No request may fill the disk or the memory of the master: what is too long is refused unread.

Werkzeug keeps what it reads of a form in memory and, beyond 500 kB, in a file in /tmp.
"""

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

LOGIN_PATH = "/cluster/login"

LOGIN_BYTES = 4 << 10
"""User and password; whoever sends it has not logged in."""

MOST_BYTES = 1 << 20
"""A run with hundreds of thresholds and labels has some 100 KiB."""


def limit_bodies(app: Flask) -> None:
    """To be called before the user's file runs, whose own limit (MAX_CONTENT_LENGTH) then holds."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.before_request(_refuse_what_is_too_long)


def _refuse_what_is_too_long() -> None:
    if request.path == LOGIN_PATH:
        request.max_content_length = LOGIN_BYTES
    limit = request.max_content_length
    # A body without a length, in chunks, is counted while it is read.
    if limit is not None and (request.content_length or 0) > limit:
        raise RequestEntityTooLarge(f"a request here may have {limit} bytes at most")
