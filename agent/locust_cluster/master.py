"""Our part in the Locust master."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint
from locust import events
from locust.env import Environment
from locust.runners import MasterRunner
from locust.web import WebUI

from locust_cluster import cross_origin, page_server
from locust_cluster.after_init import after_init
from locust_cluster.api import cluster_routes, nodes_of
from locust_cluster.body_limit import limit_bodies
from locust_cluster.current import Current
from locust_cluster.identity import from_report, identify
from locust_cluster.incoming.inbox import Inbox
from locust_cluster.lasting_stop import make_stops_last
from locust_cluster.listener import listener
from locust_cluster.login import Login, add_token, login_routes, require_login
from locust_cluster.master_loss import Acquaintances
from locust_cluster.missing_workers import MissingWorkers
from locust_cluster.own_names import OwnNames
from locust_cluster.page_identity import tell_cluster
from locust_cluster.roster import Roster
from locust_cluster.runs.hold_routes import hold_page, hold_routes
from locust_cluster.runs.on_master import RunsOnMaster
from locust_cluster.secret import Secret, read_secret
from locust_cluster.settings import Settings
from locust_cluster.teller import Teller


def install(settings: Settings, current: Current) -> None:
    """Add login, API and the list of machines. Raises ConfigurationError without its secret."""
    identity = identify(settings, current)
    roster = Roster()
    acquaintances = Acquaintances()
    secret = _secret(settings, current)
    runs = RunsOnMaster(settings, identity)
    inbox = Inbox(settings.cluster_id, runs.report_dropped)
    # "connected" is a worker's word; of a master the agent service asks the page.
    teller = Teller(settings, lambda: "connected", lambda: runs.is_busy)

    # Not guarded: a page without its login must not come up. Locust ends when `init` fails.
    def start(environment: Environment, web_ui: WebUI | None, **_: object) -> None:
        runner = environment.runner
        if web_ui is None or not isinstance(runner, MasterRunner):
            raise RuntimeError("Locust has no page here: which option took it away?")
        make_stops_last(runner)
        MissingWorkers(runner).install()
        inbox.attach(runner)
        # Locust shows the name of the first file in its page and in file names: that one is ours.
        loaded = environment.parsed_locustfiles or []
        environment.locustfile = Path(loaded[1]).name if len(loaded) > 1 else None

        def nodes() -> list[dict[str, Any]]:
            return nodes_of(identity, runner, roster)

        routes = cluster_routes(
            settings.cluster,
            identity,
            web_ui,
            runner,
            roster,
            inbox,
            runs.hold,
            runs.test_document,
        )
        routes.register_blueprint(runs.start(environment, web_ui, nodes))
        routes.register_blueprint(hold_routes(runs.hold, web_ui))
        _add_routes(web_ui, routes, settings, current)
        hold_page(runs.hold, web_ui)
        if secret and current.login == "generated":
            _add_login(web_ui, settings, secret)

        @listener
        def report(client_id: str, data: dict[str, Any], **_: object) -> None:
            if acquaintances.send_away_stranger(runner, client_id):
                return
            if reported := from_report(data):
                roster.report(client_id, reported, time.monotonic())

        events.worker_report.add_listener(report)

    # At once and not at `init`: Locust makes its server before.
    inbox.install()
    page_server.install()
    events.worker_connect.add_listener(acquaintances.worker_connect)
    events.init.add_listener(start)
    events.test_start.add_listener(teller.tell_start)
    after_init(lambda _: teller.start())
    if secret and current.login == "custom":
        after_init(lambda environment: add_token(_page(environment), Login(secret), secret))


def _page(environment: Environment) -> WebUI:
    assert environment.web_ui is not None  # noqa: S101 (`init` fails without one)
    return environment.web_ui


def _secret(settings: Settings, current: Current) -> Secret | None:
    if current.login == "none":
        return None
    return read_secret(settings.secrets)


def _add_routes(web_ui: WebUI, routes: Blueprint, settings: Settings, current: Current) -> None:
    assert web_ui.app is not None  # noqa: S101 (for mypy)
    tell_cluster(web_ui.app, settings.cluster_id)
    limit_bodies(web_ui.app)
    web_ui.app.register_blueprint(routes)
    # A login needs no such care: no browser sends a cookie to another name of the same address.
    own = OwnNames(settings).has if current.login == "none" else None
    cross_origin.protect(web_ui.app, current.host_names, own)


def _add_login(web_ui: WebUI, settings: Settings, secret: Secret) -> None:
    login = Login(secret)
    assert web_ui.app is not None  # noqa: S101 (for mypy)
    web_ui.app.register_blueprint(login_routes(login))
    start: Callable[[], None] = web_ui.start

    def start_with_login() -> None:
        require_login(web_ui, login, secret, settings)
        start()

    # Locust starts its server right after the last `init` listener: after the user's file, that is.
    setattr(web_ui, "start", start_with_login)  # noqa: B010 (mypy: a method)
