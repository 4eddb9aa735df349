"""`/cluster/fleets`: the fleets, and how many machines they have by hand; see docs/api.md."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from locust.web import WebUI

from locust_cluster.common.documents import api
from locust_cluster.common.fleet import Fleet, Scaled
from locust_cluster.common.fleet_supply import SUPPLY_FILE, FleetSupply, read_supply
from locust_cluster.common.iso_time import iso
from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.scaled_fleets import SCALED_FILE, read_scaled, write_scaled
from locust_cluster.common.settings import Settings
from locust_cluster.plugin.page.api import api_error, guarded
from locust_cluster.runs.request_error import RequestError
from locust_cluster.runs.run_fleets import no_fleet


@dataclass(frozen=True)
class FleetFiles:
    """What the agent service and the deploy say of the fleets, and what it is told."""

    manifest: Path
    supply: Path
    scaled: Path

    def fleets(self) -> Mapping[str, Fleet]:
        """As the last deploy has them. Raises ConfigurationError."""
        return read_manifest(self.manifest).fleets

    def scale(self, name: str, machines: int) -> None:
        """Raises ConfigurationError, OSError."""
        now = time.time()
        others = read_scaled(self.scaled, self.fleets(), now)
        write_scaled(self.scaled, {**others, name: Scaled(machines, now)})

    def documents(self) -> dict[str, api.Fleet]:
        """Raises ConfigurationError."""
        fleets = self.fleets()
        supply = read_supply(self.supply, time.monotonic()).fleets
        scaled = read_scaled(self.scaled, fleets, time.time())
        return {
            name: _document(fleet, supply.get(name, FleetSupply()), scaled.get(name))
            for name, fleet in fleets.items()
        }


def fleet_files(settings: Settings) -> FleetFiles:
    return FleetFiles(
        settings.release / "current.json",
        settings.state_dir / SUPPLY_FILE,
        settings.run_dir / SCALED_FILE,
    )


def fleet_routes(files: FleetFiles, active: Callable[[], str | None], web_ui: WebUI) -> Blueprint:
    """To be registered within the routes of the cluster. `active` is the run that is not over."""
    routes = Blueprint("cluster_fleets", __name__, url_prefix="/fleets")

    @routes.get("")
    @guarded(web_ui)
    def list_fleets() -> ResponseReturnValue:
        return jsonify({"fleets": files.documents()})

    @routes.put("/<name>")
    @guarded(web_ui)
    def scale_fleet(name: str) -> ResponseReturnValue:
        if request.mimetype != "application/json":
            message = "send the number of machines as application/json"
            return api_error(415, "unsupported_media_type", message)
        fleets = files.fleets()
        if name not in fleets:
            return api_error(404, "fleet_not_found", no_fleet(name, [*fleets]))
        # Loaded by the first request: Locust's start does not wait for it.
        from locust_cluster.plugin.page.scale_request import parse_scale

        try:
            machines = parse_scale(request.get_json(silent=True), name, fleets[name])
        except RequestError as error:
            return api_error(400, error.code, str(error), field=error.field)
        if run := active():
            message = (
                f"run {run} is not over: it brings its own machines, and none leaves it; "
                "wait for its end or stop it"
            )
            return api_error(409, "run_active", message, run=run)
        try:
            files.scale(name, machines)
        except OSError as error:
            message = f"cannot write {files.scaled}: {error.strerror}; nothing was set"
            return api_error(500, "internal_error", message)
        return jsonify(files.documents()[name])

    return routes


def _document(fleet: Fleet, supply: FleetSupply, scaled: Scaled | None) -> api.Fleet:
    by_hand: api.MaybeScaled = None
    if scaled:
        machines = min(scaled.machines, fleet.max)  # a deploy since may have lowered it
        by_hand = {"machines": machines, "until": iso(scaled.at + fleet.idle)}
    return {
        "region": fleet.region,
        "size": fleet.size,
        "max": fleet.max,
        "spot": fleet.spot,
        "idle": fleet.idle,
        "started": supply.started,
        "problem": supply.problem,
        "scaled": by_hand,
    }
