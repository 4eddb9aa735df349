"""The generated login: Locust's own page with user and password, and a token for programs."""

import hashlib
import hmac
import math
import time
from datetime import timedelta

from flask import Blueprint, Request, Response, jsonify, redirect, request, session
from flask_login import UserMixin, login_user
from locust.web import WebUI
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from locust_cluster.common.secret import Secret
from locust_cluster.common.settings import Settings
from locust_cluster.plugin.page.attempts import Attempts

SESSION_LIFETIME = timedelta(hours=12)
"""From the last view of the page; a working day."""


class ClusterUser(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """The one user of a cluster."""

    def __init__(self, user_id: str) -> None:
        self.id = user_id


class Login:
    """Checks passwords and tokens, always in constant time."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._attempts = Attempts(time.monotonic())
        # Kept in the cookie: a new password ends the sessions that the old one opened.
        password = f"{secret.username}:{secret.password}".encode()
        digest = hmac.new(secret.session_key.encode(), password, hashlib.sha256)
        self._user = ClusterUser(digest.hexdigest()[:32])

    def user_of_session(self, user_id: str) -> ClusterUser | None:
        return self._user if hmac.compare_digest(user_id, self._user.id) else None

    def user_of_token(self, request: Request) -> ClusterUser | None:
        """The user of a request with `Authorization: Bearer <token>`."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and _same(token.strip(), self._secret.token):
            return self._user
        return None

    def submit(self) -> Response:
        """Answer the form of the login page."""
        now = time.monotonic()
        address = request.remote_addr or ""
        if wait_s := self._attempts.wait_s(address, now):
            seconds = math.ceil(wait_s)
            return _refused(429, f"Too many wrong passwords: try again in {seconds} s", seconds)
        name_right = _same(request.form.get("username", ""), self._secret.username)
        word_right = _same(request.form.get("password", ""), self._secret.password)
        if not (name_right and word_right):
            self._attempts.failed(address, now)
            return _refused(401, "Wrong user or password")
        session.permanent = True
        login_user(self._user)
        return _see_other("/")

    def cut(self, error: ClientDisconnected | RequestEntityTooLarge) -> Response:
        """Answer a form that is too long or broke off: an attempt like any other."""
        self._attempts.failed(request.remote_addr or "", time.monotonic())
        return _refused(error.code or 400, "That is no user and password")


def login_routes(login: Login) -> Blueprint:
    """The address to which the form of Locust's login page is sent."""
    routes = Blueprint("cluster_login", __name__, url_prefix="/cluster")
    routes.add_url_rule("/login", "submit", login.submit, methods=["POST"])
    for kind in (ClientDisconnected, RequestEntityTooLarge):
        routes.register_error_handler(kind, login.cut)
    return routes


def require_login(web_ui: WebUI, login: Login, secret: Secret, settings: Settings) -> None:
    """Let Locust's pages ask for this login.

    To be called when the user's file has run: one that was written for Locust's own `--web-login`
    would replace user loader and key; `access.login: custom` is there for that.
    """
    assert web_ui.app is not None  # noqa: S101 (for mypy)
    web_ui.app.config.update(
        SECRET_KEY=secret.session_key,
        # Cookies do not know ports: two local clusters would log each other out.
        SESSION_COOKIE_NAME=f"locust-cluster-{settings.cluster}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=bool(web_ui.tls_cert),
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
    )
    web_ui.login_manager.user_loader(login.user_of_session)
    web_ui.login_manager.request_loader(login.user_of_token)
    web_ui.auth_args = {"username_password_callback": "/cluster/login"}


def add_token(web_ui: WebUI, login: Login, secret: Secret) -> None:
    """Let programs in by their token beside a login of the test's own, and give its sessions a key.

    To be called when `init` is over: the test may have a request loader and a key itself. Locust's
    examples take the key from FLASK_SECRET_KEY, which nobody sets here.
    """
    assert web_ui.app is not None  # noqa: S101 (for mypy)
    manager = web_ui.login_manager
    own = manager._request_callback

    def user_of_request(request: Request) -> object | None:
        return login.user_of_token(request) or (own(request) if own else None)

    manager.request_loader(user_of_request)
    if not web_ui.app.config.get("SECRET_KEY"):
        web_ui.app.config["SECRET_KEY"] = secret.session_key


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _refused(status: int, message: str, retry_after_s: int | None = None) -> Response:
    """A program gets the status; a browser its login page again, with the message."""
    if "text/html" in request.headers.get("Accept", ""):
        session["auth_error"] = message
        return _see_other("/login")
    response: Response = jsonify({"error": {"code": "login_refused", "message": message}})
    response.status_code = status
    if retry_after_s:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def _see_other(path: str) -> Response:
    response = redirect(path, 303)
    assert isinstance(response, Response)  # noqa: S101 (for mypy)
    return response
