"""What the simulator and tests ask of the account and set in it, beyond AWS's API. On loopback only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

import capacity
import occupied_regions
import scheduled_actions
import spot_notices
import status_checks
from action_trace import traced
from instance_credentials import instance_credentials

PREFIX = "/simulator/"


def credentials(request: Request, instance: str) -> Response:
    found = instance_credentials(instance)
    return answer(found, 200 if found else 404)


def actions(request: Request) -> Response:
    return answer(traced(request.args["caller"]))


def regions(request: Request) -> Response:
    return answer(occupied_regions.occupied_regions())


def notices(request: Request) -> Response:
    return answer(spot_notices.notices())


def spot_notice(request: Request, instance: str) -> Response:
    return done(lambda: spot_notices.interrupt(instance, float(content(request)["seconds"])))


def rebalance(request: Request, instance: str) -> Response:
    return done(lambda: spot_notices.recommend_rebalance(instance))


def status_check(request: Request, instance: str) -> Response:
    return done(lambda: status_checks.set_impaired(instance, content(request)["failing"]))


def set_capacity(request: Request) -> Response:
    asked = content(request)
    return done(
        lambda: capacity.set_capacity(
            asked["lacks"],
            asked["vcpus"],
            fleet_requests=asked["fleetRequests"],
            ends_at_launch=asked.get("endsAtLaunch"),
        )
    )


def bring_forward(request: Request) -> Response:
    return done(lambda: scheduled_actions.bring_forward(float(content(request)["seconds"])))


PATHS = Map(
    [
        Rule("/simulator/instances/<instance>/credentials", endpoint=credentials, methods=["GET"]),
        Rule("/simulator/instances/<instance>/spot-notice", endpoint=spot_notice, methods=["PUT"]),
        Rule("/simulator/instances/<instance>/rebalance-recommendation", endpoint=rebalance, methods=["PUT"]),
        Rule("/simulator/instances/<instance>/status-check", endpoint=status_check, methods=["PUT"]),
        Rule("/simulator/regions", endpoint=regions, methods=["GET"]),
        Rule("/simulator/scheduled-actions", endpoint=bring_forward, methods=["PUT"]),
        Rule("/simulator/notices", endpoint=notices, methods=["GET"]),
        Rule("/simulator/actions", endpoint=actions, methods=["GET"]),
        Rule("/simulator/capacity", endpoint=set_capacity, methods=["PUT"]),
    ]
)


class Loopback:
    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(PREFIX):
            return self.app(environ, start_response)  # type: ignore[no-any-return]
        try:
            endpoint, values = PATHS.bind_to_environ(environ).match()
            response = endpoint(Request(environ), **values)
        except HTTPException as error:
            response = error
        return response(environ, start_response)  # type: ignore[no-any-return]


def content(request: Request) -> Any:
    return json.loads(request.get_data(as_text=True))


def done(work: Callable[[], None]) -> Response:
    try:
        work()
    except spot_notices.NoSpotInstance as error:
        return answer({"message": str(error)}, 409)
    return answer({})


def answer(document: Any, status: int = 200) -> Response:
    return Response(json.dumps(document), status, content_type="application/json")
