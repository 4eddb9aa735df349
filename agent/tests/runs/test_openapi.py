"""protocol/openapi.yaml against a real master: every path and method answers as it says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cluster import Reply
from jsonschema import Draft202012Validator
from runs_client import Runs

FILE = Path(__file__).parents[3] / "protocol" / "openapi.yaml"
SPEC: dict[str, Any] = yaml.safe_load(FILE.read_text())
PATHS: dict[str, Any] = SPEC["paths"]

OPERATIONS = sorted(
    (path, method.upper())
    for path, methods in PATHS.items()
    for method in methods
    if method in ("get", "post", "put", "delete")
)


def check(reply: Reply, path: str, method: str) -> None:
    """Hold a reply against what is said of its path, method and status."""
    responses = PATHS[path][method.lower()]["responses"]
    assert str(reply.status) in responses, f"{method} {path}: {reply.status} {reply.body}"
    response = responses[str(reply.status)]
    if "$ref" in response:
        response = SPEC["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    for name in response.get("headers", {}):
        assert name in reply.headers
    kind = reply.headers["Content-Type"].split(";")[0]
    assert kind in response["content"], f"{method} {path}: {kind}"
    if kind == "application/json":
        schema = {**response["content"][kind]["schema"], "components": SPEC["components"]}
        Draft202012Validator(schema).validate(reply.json())


@pytest.fixture(scope="module")
def run(runs: Runs) -> Iterator[str]:
    """A run that is on, with everything that it may have."""
    asked = {
        **{"name": "spec", "user_count": 2, "spawn_rate": 2, "labels": {"a": "b"}},
        "thresholds": ["p95 < 300ms", {"expression": "rps > 1", "abort": True}],
    }
    schema = {"$ref": "#/components/schemas/RunRequest", "components": SPEC["components"]}
    Draft202012Validator(schema).validate(asked)
    started = runs.start(**asked)
    runs.wait_until_measured(started)
    yield started
    runs.stop(started)
    runs.wait_for_end(started)


def test_a_summary_is_a_run_as_it_is_listed(runs: Runs, run: str) -> None:
    reply = runs.ask("GET", f"/cluster/runs/{run}?fields=summary")
    check(reply, "/cluster/runs/{id}", "GET")
    listed = runs.ask("GET", "/cluster/runs").json()["runs"][0]
    assert (reply.json()["id"], set(reply.json())) == (run, set(listed))


def test_every_operation(runs: Runs, run: str) -> None:
    """While the run is on, and when it is over."""
    runs.wait(run, "running")
    for path, method in OPERATIONS:
        if path.endswith("/stop") or path.endswith("{name}"):
            continue
        wrong = {"user_count": 0} if method in ("POST", "PUT") else None
        reply = runs.ask(method, path.format(id=run), wrong)
        check(reply, path, method)
        assert reply.status == (400 if wrong else 200)
    stop = "/cluster/runs/{id}/stop"
    for body, status in ({"by": ""}, 400), ({"by": "the specification"}, 200):
        reply = runs.ask("POST", stop.format(id=run), body)
        check(reply, stop, "POST")
        assert reply.status == status
    document = runs.wait_for_end(run)
    assert document["reason"].startswith("stopped by the specification after ")
    assert document["verdicts"][0]["passed"] is not None
    for path in ("/cluster/runs/{id}", "/cluster/runs/{id}/timeline", "/cluster/runs"):
        check(runs.ask("GET", path.format(id=run)), path, "GET")
    for file in runs.ask("GET", f"/cluster/runs/{run}/files").json()["files"]:
        path = "/cluster/runs/{id}/files/{name}"
        reply = runs.ask("GET", path.format(id=run, name=file["name"]))
        check(reply, path, "GET")
        assert reply.status == 200


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_asks_for_the_login(runs: Runs, path: str, method: str) -> None:
    reply = runs.ask(method, path.format(id="a", name="b"), Authorization="Bearer wrong")
    check(reply, path, method)
    open_ = PATHS[path][method.lower()].get("security") == []
    assert reply.status == (200 if open_ else 401)


@pytest.mark.parametrize(("path", "method"), [each for each in OPERATIONS if "{id}" in each[0]])
def test_says_when_there_is_no_such_run(runs: Runs, path: str, method: str) -> None:
    reply = runs.ask(method, path.format(id="20000101-000000", name="run.json"))
    check(reply, path, method)
    assert (reply.status, reply.json()["error"]["code"]) == (404, "run_not_found")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/cluster/runs", {"thresholds": ["p95 < 3"]}, 400, "invalid_threshold"),
        ("POST", "/cluster/runs", {"run_time": "soon"}, 400, "invalid_request"),
        ("GET", "/cluster/runs?limit=0", None, 400, "invalid_request"),
        ("GET", f"/cluster/runs?limit={'9' * 5000}", None, 400, "invalid_request"),
    ],
)
def test_errors(runs: Runs, method: str, path: str, body: object, status: int, code: str) -> None:
    reply = runs.ask(method, path, body)
    check(reply, path.split("?")[0], method)
    assert (reply.status, reply.json()["error"]["code"]) == (status, code)


def test_errors_about_a_run(runs: Runs, run: str) -> None:
    for path, query, code in (
        ("/cluster/runs/{id}/timeline", "?since=yesterday", "invalid_request"),
        ("/cluster/runs/{id}/timeline", "?limit=x", "invalid_request"),
        ("/cluster/runs/{id}", "?fields=requests", "invalid_request"),
        ("/cluster/runs/{id}/files/{name}", "", "file_not_found"),
    ):
        reply = runs.ask("GET", path.format(id=run, name=".hidden") + query)
        check(reply, path, "GET")
        assert reply.json()["error"]["code"] == code


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"reason": "", "seconds": 60}, 400, "reason"),
        ({"reason": "a\nb", "seconds": 60}, 400, "reason"),
        ({"reason": "saving", "seconds": 3601}, 400, "seconds"),
        ({"reason": "saving", "seconds": True}, 400, "seconds"),
        ([], 400, "body"),
    ],
)
def test_errors_of_a_hold(runs: Runs, body: object, status: int, field: str) -> None:
    reply = runs.ask("PUT", "/cluster/hold", body)
    check(reply, "/cluster/hold", "PUT")
    assert (reply.status, reply.json()["error"]["field"]) == (status, field)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [("user_count=1", "text/plain", 415), ("{", "application/json", 400)],
)
def test_takes_json_only(runs: Runs, body: str, kind: str, status: int) -> None:
    reply = runs.ask("POST", "/cluster/runs", body, Content_Type=kind)
    check(reply, "/cluster/runs", "POST")
    assert reply.status == status


def test_an_unknown_address_is_a_json_error(runs: Runs) -> None:
    reply = runs.ask("GET", "/cluster/nothing")
    assert (reply.status, reply.json()["error"]["code"]) == (404, "not_found")


def test_says_which_methods_a_path_takes(runs: Runs) -> None:
    reply = runs.ask("DELETE", "/cluster/runs")
    error = reply.json()["error"]
    assert (reply.status, error["code"]) == (405, "method_not_allowed")
    assert error["message"] == "/cluster/runs takes GET and POST, not DELETE"
    assert sorted(reply.headers["allow"].split(", ")) == ["GET", "POST"]
