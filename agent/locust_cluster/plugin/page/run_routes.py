"""The `/cluster/runs` routes; described in docs/api.md."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from locust.web import WebUI

from locust_cluster.common.constants import OVER_STATES
from locust_cluster.common.iso_time import from_iso, iso
from locust_cluster.plugin.page.api import View, api_error, guarded
from locust_cluster.plugin.page.send_opened import send_opened
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.controller import Controller
from locust_cluster.runs.hold import RunsHeldError
from locust_cluster.runs.request import parse_request
from locust_cluster.runs.request_error import RequestError, shown
from locust_cluster.runs.run import RunActiveError, to_summary

MOST_RUNS = 10_000
MOST_ROWS = 10_000


def run_routes(controller: Controller, archive: Archive, web_ui: WebUI) -> Blueprint:
    """Routes of the runs; to be registered within those of the cluster."""
    routes = Blueprint("cluster_runs", __name__, url_prefix="/runs")

    def route(method: str, path: str) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            guard = guarded(web_ui)(view)
            routes.add_url_rule(path, view.__name__, guard, methods=[method])
            return view

        return decorate

    @route("POST", "")
    def start_run() -> ResponseReturnValue:
        if request.mimetype != "application/json":
            # Also keeps out forms of other web sites, which cannot send this type.
            message = "send the run as application/json"
            return api_error(415, "unsupported_media_type", message)
        try:
            run = controller.start(parse_request(request.get_json(silent=True)))
        except RequestError as error:
            return _wrong(error)
        except RunActiveError as error:
            return api_error(409, "run_active", str(error), run=error.run)
        except RunsHeldError as error:
            return api_error(409, "runs_held", str(error))
        except OSError as error:
            message = f"the run cannot be written to {archive.root}: {error.strerror}"
            return api_error(500, "archive_unwritable", message)
        headers = {"Location": url_for("cluster.cluster_runs.get_run", run=run.id)}
        return jsonify(controller.document(run.id)), 201, headers

    @route("GET", "")
    def list_runs() -> ResponseReturnValue:
        try:
            limit = _limit(MOST_RUNS, 100)
        except RequestError as error:
            return _wrong(error)
        documents = (controller.document(run) for run in archive.ids())
        runs = [to_summary(document) for document in islice(filter(None, documents), limit)]
        active = controller.active
        return jsonify({"active": active.id if active else None, "runs": runs})

    @route("GET", "/<run>")
    def get_run(run: str) -> ResponseReturnValue:
        try:
            is_summary = _is_summary()
        except RequestError as error:
            return _wrong(error)
        document = controller.document(run)
        if document is None:
            return _no_run(run)
        return jsonify(to_summary(document) if is_summary else document)

    @route("POST", "/<run>/stop")
    def stop_run(run: str) -> ResponseReturnValue:
        if controller.document(run) is None:
            return _no_run(run)
        # Loaded by the first request: Locust's start does not wait for it.
        from locust_cluster.plugin.page.stop_request import parse_stop

        try:
            how = parse_stop(request.get_json(silent=True))
        except RequestError as error:
            return _wrong(error)
        active = controller.active
        if active and active.id == run:
            controller.stop(active, how)
        return jsonify(controller.document(run))

    @route("GET", "/<run>/timeline")
    def get_timeline(run: str) -> ResponseReturnValue:
        folder, document = archive.folder(run), controller.document(run)
        if folder is None or document is None:
            return _no_run(run)
        try:
            limit, since = _limit(MOST_ROWS, 5000), _since()
        except RequestError as error:
            return _wrong(error)
        return jsonify(_timeline(folder, document["state"] in OVER_STATES, since, limit))

    @route("GET", "/<run>/files")
    def list_files(run: str) -> ResponseReturnValue:
        folder = archive.folder(run)
        return jsonify({"run": run, "files": folder.files()}) if folder else _no_run(run)

    @route("GET", "/<run>/files/<name>")
    def get_file(run: str, name: str) -> ResponseReturnValue:
        folder = archive.folder(run)
        if folder is None:
            return _no_run(run)
        if name not in [file["name"] for file in folder.files()]:
            return _no_file(run, name)
        try:
            return send_opened(folder.open(name), name)
        except OSError:
            return _no_file(run, name)

    return routes


def _timeline(folder: RunFolder, is_over: bool, since: str, limit: int) -> dict[str, Any]:
    rows = folder.timeline(since, limit)
    return {
        "run": folder.id,
        "complete": is_over and not rows.more,
        "next": rows.good[-1]["time"] if rows.good else since or None,
        "rows": rows.good,
        "unreadable_rows": rows.bad,
    }


def _limit(most: int, default: int) -> int:
    text = request.args.get("limit", str(default))
    # Python refuses to read thousands of digits.
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    if not is_number or not 1 <= int(text) <= most:
        raise RequestError(f"'limit' must be from 1 to {most}, got '{shown(text)}'", "limit")
    return int(text)


def _is_summary() -> bool:
    """The figures of each request are megabytes in a test of many names: too much to poll."""
    fields = request.args.get("fields", "all")
    if fields not in ("all", "summary"):
        raise RequestError(f"'fields' must be all or summary, got '{shown(fields)}'", "fields")
    return fields == "summary"


def _since() -> str:
    text = request.args.get("since", "")
    try:
        return iso(from_iso(text)) if text else ""
    except (ValueError, OverflowError):
        example = "2026-11-21T11:04:32.120Z"
        raise RequestError(
            f"'since' must be a time such as {example}, got '{shown(text)}'", "since"
        ) from None


def _wrong(error: RequestError) -> ResponseReturnValue:
    return api_error(400, error.code, str(error), field=error.field, column=error.column)


def _no_run(run: str) -> ResponseReturnValue:
    return api_error(404, "run_not_found", f"there is no run '{run}' on this master")


def _no_file(run: str, name: str) -> ResponseReturnValue:
    return api_error(404, "file_not_found", f"run {run} has no file {name}")
