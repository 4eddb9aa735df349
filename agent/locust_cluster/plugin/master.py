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

from locust_cluster.common.documents.api import Node
from locust_cluster.common.identity import from_report, identify
from locust_cluster.common.listener import listener
from locust_cluster.common.manifest import Manifest
from locust_cluster.common.patch import patch
from locust_cluster.common.secret import Secret, read_secret
from locust_cluster.common.settings import Settings
from locust_cluster.plugin.after_init import after_init
from locust_cluster.plugin.incoming.inbox import Inbox
from locust_cluster.plugin.page import cross_origin
from locust_cluster.plugin.page import server as page_server
from locust_cluster.plugin.page.api import cluster_routes, nodes_of
from locust_cluster.plugin.page.body_limit import limit_bodies
from locust_cluster.plugin.page.cluster_id import tell_cluster
from locust_cluster.plugin.page.fleet_routes import fleet_files, fleet_routes
from locust_cluster.plugin.page.hold_routes import hold_page, hold_routes
from locust_cluster.plugin.page.login import Login, add_token, login_routes, require_login
from locust_cluster.plugin.page.own_names import OwnNames
from locust_cluster.plugin.runs_on_master import RunsOnMaster
from locust_cluster.plugin.state_reporter import StateReporter
from locust_cluster.plugin.workers.lasting_stop import make_stops_last
from locust_cluster.plugin.workers.leaving_workers import LeavingWorkers
from locust_cluster.plugin.workers.master_loss import KnownWorkers
from locust_cluster.plugin.workers.missing_workers import MissingWorkers
from locust_cluster.plugin.workers.rank_messages import RanksOnMaster
from locust_cluster.plugin.workers.repeated_ready import answer_repeated_ready
from locust_cluster.plugin.workers.roster import Roster
from locust_cluster.plugin.workers.unmoved_users import move_unmoved_users
from locust_cluster.runs.interruptions import Leaving


def install(settings: Settings, manifest: Manifest) -> None:
    """Add login, API and the list of machines. Raises ConfigurationError without its secret."""
    identity = identify(settings, manifest)
    roster = Roster()
    known_workers = KnownWorkers()
    secret = _secret(settings, manifest)
    runs = RunsOnMaster(settings, identity)
    inbox = Inbox(settings.cluster_id, runs.report_dropped)
    ranks = RanksOnMaster(roster, inbox.introductions, inbox.hears)
    # "connected" is a worker's word; of a master the agent service asks the page.
    reporter = StateReporter(settings, lambda: "connected", lambda: runs.is_busy)

    def begin_leave(client_id: str, leaving: Leaving) -> None:
        roster.leave(client_id, time.monotonic())
        runs.begin_leave(leaving)

    # Not guarded: a page without its login must not come up. Locust ends when `init` fails.
    def start(environment: Environment, web_ui: WebUI | None, **_: object) -> None:
        runner = environment.runner
        if web_ui is None or not isinstance(runner, MasterRunner):
            raise RuntimeError("Locust has no page here: which option took it away?")
        make_stops_last(runner)
        move_unmoved_users(runner)
        answer_repeated_ready(runner)
        MissingWorkers(runner).install()
        LeavingWorkers(runner, roster.identity, begin_leave, runs.end_leave).install()
        inbox.attach(runner)
        ranks.attach(runner)
        # Locust shows the name of the first file in its page and in file names: that one is ours.
        loaded = environment.parsed_locustfiles or []
        environment.locustfile = Path(loaded[1]).name if len(loaded) > 1 else None

        def nodes() -> list[Node]:
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
        routes.register_blueprint(runs.start(environment, web_ui, nodes, roster.fleets))
        routes.register_blueprint(hold_routes(runs.hold, web_ui))
        fleets = fleet_routes(fleet_files(settings), lambda: runs.active, web_ui)
        routes.register_blueprint(fleets)
        _add_routes(web_ui, routes, settings, manifest)
        hold_page(runs.hold, web_ui)
        if secret and manifest.login == "generated":
            _add_login(web_ui, settings, secret)

        @listener
        def report(client_id: str, data: dict[str, Any], **_: object) -> None:
            if known_workers.send_away_unknown(runner, client_id):
                return
            if reported := from_report(data):
                roster.report(client_id, reported, time.monotonic())

        events.worker_report.add_listener(report)

    # At once and not at `init`: Locust makes its server before.
    inbox.install()
    page_server.install()
    events.worker_connect.add_listener(known_workers.worker_connect)
    ranks.install()
    events.init.add_listener(start)
    events.test_start.add_listener(reporter.report_start)
    after_init(lambda _: reporter.start())
    if secret and manifest.login == "custom":
        after_init(lambda environment: add_token(_page(environment), Login(secret), secret))


def _page(environment: Environment) -> WebUI:
    assert environment.web_ui is not None  # noqa: S101 (`init` fails without one)
    return environment.web_ui


def _secret(settings: Settings, manifest: Manifest) -> Secret | None:
    if manifest.login == "none":
        return None
    return read_secret(settings.secrets)


def _add_routes(web_ui: WebUI, routes: Blueprint, settings: Settings, manifest: Manifest) -> None:
    assert web_ui.app is not None  # noqa: S101 (for mypy)
    tell_cluster(web_ui.app, settings.cluster_id)
    limit_bodies(web_ui.app)
    web_ui.app.register_blueprint(routes)
    # A login needs no such care: no browser sends a cookie to another name of the same address.
    own = OwnNames(settings).has if manifest.login == "none" else None
    cross_origin.protect(web_ui.app, manifest.host_names, own)


def _add_login(web_ui: WebUI, settings: Settings, secret: Secret) -> None:
    login = Login(secret)
    assert web_ui.app is not None  # noqa: S101 (for mypy)
    web_ui.app.register_blueprint(login_routes(login))
    start: Callable[[], None] = web_ui.start

    def start_with_login() -> None:
        require_login(web_ui, login, secret, settings)
        start()

    # Locust starts its server right after the last `init` listener: after the user's file, that is.
    patch(web_ui, "start", start_with_login)
