"""A route of one's own beside Locust's page, behind the same login."""

import os

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from locust import FastHttpUser, constant, events, task
from locust.env import Environment
from locust.web import WebUI


class Browser(FastHttpUser):
    host = os.environ.get("CLUSTER_SAMPLE_TARGET") or None
    wait_time = constant(0.5)

    @task
    def home(self) -> None:
        self.client.get("/")


@events.init.add_listener
def extend(environment: Environment, web_ui: WebUI | None, **_: object) -> None:
    if web_ui is None or web_ui.app is None:
        return  # a worker
    routes = Blueprint("busiest", __name__)

    @routes.get("/busiest")
    @web_ui.auth_required_if_enabled
    def busiest() -> ResponseReturnValue:
        entries = environment.stats.entries.values() if environment.stats else []
        counts = {entry.name: entry.num_requests for entry in entries}
        return jsonify(max(counts, key=lambda name: counts[name], default=None))

    web_ui.app.register_blueprint(routes)
