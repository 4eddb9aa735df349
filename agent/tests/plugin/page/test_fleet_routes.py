"""`/cluster/fleets` of a real master, whose agent service is played by the test."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from cluster import Cluster, Reply
from jsonschema import Draft202012Validator
from runs_client import SHOP, Runs

from locust_cluster.common.fleet_supply import FleetSupply, Supply, write_supply

SPEC: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[4] / "protocol" / "openapi.yaml").read_text()
)

EU = {"region": "eu-central-1", "size": 1, "max": 5, "idle": 600, "spot": True}
"""As a manifest has a fleet."""


def deploy(cluster: Cluster, fleets: dict[str, Any]) -> None:
    """The master reads it anew each time."""
    file = cluster.release / "current.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "fleets": fleets}))


def is_as_written(reply: Reply, schema: str) -> Any:
    reference = {"$ref": f"#/components/schemas/{schema}", "components": SPEC["components"]}
    Draft202012Validator(reference).validate(reply.json())
    return reply.json()


def test_fleets_of_a_master(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster(files={"locustfile.py": SHOP}, login="generated")
    cluster.start("master")
    cluster.wait_for_page()
    runs = Runs(cluster, "right-token")
    fleet = "/cluster/fleets/eu"

    def put(body: object, path: str = fleet, **headers: str) -> tuple[int, dict[str, Any]]:
        reply = runs.ask("PUT", path, body, **headers)
        if reply.status == 200:
            return 200, is_as_written(reply, "Fleet")
        return reply.status, is_as_written(reply, "Error")["error"]

    # Without fleets.
    assert runs.ask("GET", "/cluster/fleets").json() == {"fleets": {}}
    status, error = put({"machines": 3})
    assert (status, error["code"]) == (404, "fleet_not_found")
    assert error["message"] == "the cluster has no fleet 'eu': it has none"

    # Before the agent service has asked AWS, and then.
    deploy(cluster, {"eu": EU, "us": {**EU, "spot": False}})
    found = is_as_written(runs.ask("GET", "/cluster/fleets"), "Fleets")["fleets"]
    assert found["eu"] == {**EU, "started": None, "problem": None, "scaled": None}
    supply = Supply(None, {"eu": FleetSupply(2, "AWS has no capacity")})
    write_supply(cluster.folder / "master" / "fleets.json", supply, time.monotonic())
    [eu, us] = runs.ask("GET", "/cluster/fleets").json()["fleets"].values()
    assert (eu["started"], eu["problem"]) == (2, "AWS has no capacity")
    assert (us["started"], us["spot"]) == (None, False)

    # By hand, one fleet after the other.
    before = time.time()
    status, eu = put({"machines": 4})
    assert (status, eu["scaled"]["machines"]) == (200, 4)
    until = datetime.fromisoformat(eu["scaled"]["until"]).timestamp()
    assert before + 599 < until < time.time() + 601
    assert put({"machines": 2}, "/cluster/fleets/us")[0] == 200
    scaled = json.loads(next(cluster.folder.rglob("scaled.json")).read_text())
    assert {name: each["machines"] for name, each in scaled.items()} == {"eu": 4, "us": 2}

    # What is refused changes nothing.
    status, error = put({"machines": 6})
    assert (status, error["field"]) == (400, "machines")
    assert error["message"].endswith(" to 5 (fleets.eu.max), got 6")
    assert put({"machines": 3}, "/cluster/fleets/asia")[1]["message"].endswith("it has eu, us")
    assert put("machines=3", Content_Type="text/plain")[0] == 415
    run = runs.start(user_count=1)
    status, error = put({"machines": 3})
    assert (status, error["code"], error["run"]) == (409, "run_active", run)
    runs.stop(run)
    runs.wait_for_end(run)
    assert runs.ask("GET", "/cluster/fleets").json()["fleets"]["eu"]["scaled"] == eu["scaled"]
    assert put({"machines": 1})[1]["scaled"]["machines"] == 1


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PUT", "/eu")])
def test_asks_for_the_login(guarded_cluster: Cluster, method: str, path: str) -> None:
    reply = Runs(guarded_cluster).ask(method, f"/cluster/fleets{path}")
    assert reply.status == 401
