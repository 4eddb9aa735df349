"""Sends a file that is open already: by its path, it could be another one by now."""

import os
from typing import BinaryIO

from flask import Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable


def send_opened(file: BinaryIO, name: str) -> Response:
    """All of it or the range that the request asks for; the response closes it.

    Flask's `send_file` serves ranges, sizes and ETags for paths only.
    """
    status = os.fstat(file.fileno())
    kind = "text/plain" if name.endswith(".log") else None
    response = send_file(
        file,
        mimetype=kind,
        download_name=name,
        conditional=False,
        etag=f"{status.st_mtime_ns}-{status.st_size}",
        last_modified=status.st_mtime,
        max_age=0,
    )
    response.content_length = status.st_size
    try:
        response.make_conditional(
            request.environ, accept_ranges=True, complete_length=status.st_size
        )
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    return response
