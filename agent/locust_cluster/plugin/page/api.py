"""The `/cluster` routes of the master; described in docs/api.md."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from locust.runners import MasterRunner
from locust.web import WebUI
from werkzeug.exceptions import HTTPException

from locust_cluster.common.documents.api import Node
from locust_cluster.common.identity import Identity
from locust_cluster.common.settings import ConfigurationError
from locust_cluster.plugin.incoming.inbox import Inbox
from locust_cluster.plugin.workers.machine import Client
from locust_cluster.plugin.workers.roster import Roster
from locust_cluster.runs.hold import Hold

logger = logging.getLogger(__name__)

View = Callable[..., ResponseReturnValue]

METHODS = ("GET", "POST", "PUT", "DELETE")


def api_error(status: int, code: str, message: str, **place: object) -> ResponseReturnValue:
    """The one form of our errors: a code for programs, a sentence for people, and where it is."""
    known = {name: value for name, value in place.items() if value is not None}
    return jsonify({"error": {"code": code, "message": message, **known}}), status


def _too_deep(_: Exception) -> ResponseReturnValue:
    message = "the body must be JSON of a few levels: it is nested too deeply"
    return api_error(400, "invalid_request", message, field="body")


def clients_of(runner: MasterRunner) -> dict[str, Client]:
    """What Locust knows of its workers, by their id."""
    return {
        worker.id: Client(worker.state, worker.user_count, worker.cpu_usage)
        for worker in runner.clients.values()
    }


def nodes_of(identity: Identity, runner: MasterRunner, roster: Roster) -> list[Node]:
    """The master, and the machines that its workers run on."""
    return [_master(identity), *roster.nodes(clients_of(runner), time.monotonic())]


def guarded(web_ui: WebUI) -> Callable[[View], View]:
    """Admit who is logged in, by cookie or token; answer 401 in JSON and not with a login page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if web_ui.web_login and not current_user.is_authenticated:
                return api_error(401, "login_required", "log in, or send the API token")
            return view(*args, **kwargs)

        return wrapper

    return decorate


def cluster_routes(
    cluster: str,
    identity: Identity,
    web_ui: WebUI,
    runner: MasterRunner,
    roster: Roster,
    inbox: Inbox,
    hold: Hold,
    test: Callable[[], dict[str, Any]],
) -> Blueprint:
    """Routes of the cluster. Every name begins with `cluster`: a user's page may have any other."""
    routes = Blueprint("cluster", __name__, url_prefix="/cluster")
    # Flask passes over a body that is no JSON, but not one that Python's parser gives up on.
    routes.register_error_handler(RecursionError, _too_deep)

    @routes.get("/health")
    def health() -> ResponseReturnValue:
        # Without the reader of their messages the workers seem to be there, and nothing is counted.
        status, code = ("ok", 200) if inbox.is_open else ("failed", 503)
        document = {
            "status": status,
            "locust_state": runner.state,
            "worker_count": roster.connected(clients_of(runner)),
            "dropped_messages": inbox.dropped.count,
        }
        return jsonify(document), code

    @routes.get("/nodes")
    @guarded(web_ui)
    def list_nodes() -> ResponseReturnValue:
        return jsonify(
            {
                "cluster": cluster,
                "locust_state": runner.state,
                "bundle": identity.bundle,
                "workers_connected": roster.connected(clients_of(runner)),
                "dropped_messages": {"count": inbox.dropped.count, "last": inbox.dropped.last},
                "hold": hold.to_document(),
                **test(),
                "nodes": nodes_of(identity, runner, roster),
            }
        )

    @routes.route("/<path:rest>", methods=METHODS)
    def unknown(rest: str) -> ResponseReturnValue:
        if methods := _methods_of_this_path():
            message = f"/cluster/{rest} takes {' and '.join(methods)}, not {request.method}"
            reply = make_response(api_error(405, "method_not_allowed", message))
            reply.allow.update(methods)
            return reply
        return api_error(404, "not_found", f"there is no /cluster/{rest}")

    @routes.errorhandler(Exception)
    def failed(error: Exception) -> ResponseReturnValue:
        if isinstance(error, HTTPException):
            code = error.name.lower().replace(" ", "_")
            return api_error(error.code or 500, code, error.description or error.name)
        if isinstance(error, ConfigurationError):
            return api_error(503, "manifest_unreadable", f"{error}: try again")
        logger.exception("a request to /cluster failed")
        return api_error(500, "internal_error", "see the log of the master")

    return routes


def _methods_of_this_path() -> list[str]:
    """Those that other routes take; the route for unknown paths takes the rest."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    return [each for each in METHODS if adapter.match(method=each)[0] != request.endpoint]


def _master(identity: Identity) -> Node:
    return {
        "name": identity.node,
        "role": identity.role,
        "fleet": identity.fleet,
        "instance_id": identity.instance_id,
        "instance_type": identity.instance_type,
        "hostname": identity.hostname,
        "private_ip": identity.private_ip,
        "state": "ready",
        "processes": [],
        "expected_processes": 0,
        "bundle": identity.bundle,
        "environment": identity.environment,
        "versions": identity.versions,
    }
