"""A login of one's own for the page. Set `access.login: custom` in cluster.yaml.

The command line has a token and needs no login. The password is in a file beside this one, which
goes to the machines with the test, and not into git.
"""

import os
from hmac import compare_digest
from pathlib import Path
from typing import Any

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, login_user
from locust import FastHttpUser, constant, events, task
from locust.web import WebUI

FILE = Path(__file__).with_name("page-password.txt")
PASSWORD = FILE.read_text(encoding="utf-8").strip() if FILE.is_file() else ""
if not PASSWORD:
    raise ValueError(
        f"{FILE.name} beside the locustfile must hold the page's password: write it there"
    )


class Colleague(UserMixin):
    def get_id(self) -> str:
        return "colleague"


class Visitor(FastHttpUser):
    host = os.environ.get("CLUSTER_SAMPLE_TARGET") or None
    wait_time = constant(0.5)

    @task
    def home(self) -> None:
        self.client.get("/")


@events.init.add_listener
def guard(web_ui: WebUI | None, **_: Any) -> None:
    if web_ui is None or web_ui.app is None or web_ui.login_manager is None:
        return  # a worker, or a page without a login
    web_ui.login_manager.user_loader(lambda _: Colleague())
    web_ui.auth_args = {"username_password_callback": "/colleague"}
    routes = Blueprint("colleague", __name__)

    @routes.post("/colleague")
    def enter() -> ResponseReturnValue:
        password = request.form.get("password", "")
        if not compare_digest(password.encode(), PASSWORD.encode()):
            session["auth_error"] = "wrong password"
            return redirect("/login")
        login_user(Colleague())
        return redirect("/")

    web_ui.app.register_blueprint(routes)
