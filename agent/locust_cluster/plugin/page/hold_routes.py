"""`/cluster/hold`, and what it means for Locust's page; described in docs/api.md."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from locust.web import WebUI

from locust_cluster.plugin.page.api import api_error, guarded
from locust_cluster.runs.hold import Hold, RunsHeldError
from locust_cluster.runs.request_error import RequestError


def hold_routes(hold: Hold, web_ui: WebUI) -> Blueprint:
    """To be registered within the routes of the cluster."""
    routes = Blueprint("cluster_hold", __name__, url_prefix="/hold")

    @routes.put("")
    @guarded(web_ui)
    def take_hold() -> ResponseReturnValue:
        if request.mimetype != "application/json":
            message = "send the hold as application/json"
            return api_error(415, "unsupported_media_type", message)
        # Loaded by the first request: Locust's start does not wait for it.
        from locust_cluster.plugin.page.hold_request import parse_hold

        try:
            asked = parse_hold(request.get_json(silent=True))
        except RequestError as error:
            return api_error(400, error.code, str(error), field=error.field)
        hold.take(asked.reason, asked.seconds)
        return jsonify({"hold": hold.to_document()})

    @routes.delete("")
    @guarded(web_ui)
    def lift_hold() -> ResponseReturnValue:
        hold.lift()
        return jsonify({"hold": None})

    return routes


def hold_page(hold: Hold, web_ui: WebUI) -> None:
    """The page's form shows the sentence, as it shows Locust's own refusals."""
    assert web_ui.app is not None  # noqa: S101 (for mypy)

    @web_ui.app.before_request
    def refuse_swarm() -> Response | None:
        if request.endpoint != "locust.swarm":
            return None
        try:
            hold.check()
        except RunsHeldError as error:
            return jsonify({"success": False, "message": str(error)})
        return None
