"""A file of a run over HTTP: whole, or the rest after a lost connection."""

from pathlib import Path

import pytest
from flask import Flask, Response

from locust_cluster.plugin.page.send_opened import send_opened
from locust_cluster.runs.archive import RunFolder

CONTENT = "0123456789"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = Flask(__name__)
    (tmp_path / "master.log").write_text(CONTENT)

    @app.get("/")
    def get_file() -> Response:
        return send_opened(RunFolder(tmp_path).open("master.log"), "master.log")

    return app


@pytest.mark.parametrize(
    ("asked", "status", "body", "length"),
    [
        ({}, 200, CONTENT, "10"),
        ({"Range": "bytes=4-"}, 206, CONTENT[4:], "6"),
        ({"Range": "bytes=2-3"}, 206, "23", "2"),
    ],
)
def test_sends_what_is_asked_for(
    app: Flask, asked: dict[str, str], status: int, body: str, length: str
) -> None:
    reply = app.test_client().get("/", headers=asked)
    assert (reply.status_code, reply.text) == (status, body)
    assert (reply.headers["Content-Length"], reply.mimetype) == (length, "text/plain")


def test_sends_nothing_beyond_its_end_or_twice(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/", headers={"Range": "bytes=10-"}).status_code == 416
    etag = client.get("/").headers["ETag"]
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 304
