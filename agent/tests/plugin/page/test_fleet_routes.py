"""`/cluster/fleets` of a real master, whose agent service is played by the test."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from cluster import Cluster, Reply
from jsonschema import Draft202012Validator
from runs_client import SHOP, Runs

from locust_cluster.common.fleet_supply import FleetSupply, Supply, write_supply

pytestmark = pytest.mark.locust

SPEC: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[4] / "protocol" / "openapi.yaml").read_text()
)

EU = {"region": "eu-central-1", "size": 1, "max": 5, "idle": 600, "spot": True}
"""As a manifest has a fleet."""

FLEETS = {"eu": EU, "us": {**EU, "spot": False}}


class Master:
    """A real one, and what a client says to it."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.runs = Runs(cluster, "right-token")
        self.current_json = cluster.release / "current.json"
        self._whole = self.current_json.read_text()

    def begin(self, fleets: dict[str, Any]) -> None:
        """As after a deploy, of which the master reads anew each time."""
        self.current_json.write_text(json.dumps({**json.loads(self._whole), "fleets": fleets}))
        for file in ("fleets.json", "run/scaled.json"):
            (self.cluster.folder / "master" / file).unlink(missing_ok=True)

    def get(self) -> Any:
        return _as_written(self.runs.ask("GET", "/cluster/fleets"), "Fleets")["fleets"]

    def put(self, body: object, fleet: str = "eu", **headers: str) -> tuple[int, dict[str, Any]]:
        reply = self.runs.ask("PUT", f"/cluster/fleets/{fleet}", body, **headers)
        if reply.status == 200:
            return 200, _as_written(reply, "Fleet")
        return reply.status, _as_written(reply, "Error")["error"]


def _as_written(reply: Reply, schema: str) -> Any:
    reference = {"$ref": f"#/components/schemas/{schema}", "components": SPEC["components"]}
    Draft202012Validator(reference).validate(reply.json())
    return reply.json()


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Master]:
    folder = tmp_path_factory.mktemp("fleets")
    cluster = Cluster(folder, files={"locustfile.py": SHOP}, login="generated")
    try:
        cluster.start("master")
        cluster.wait_for_page()
        yield Master(cluster)
    finally:
        cluster.stop()


@pytest.fixture
def master(started: Master) -> Master:
    """With two fleets."""
    started.begin(FLEETS)
    return started


def test_a_cluster_without_fleets_has_none(master: Master) -> None:
    master.begin({})
    assert master.get() == {}
    status, error = master.put({"machines": 3})
    assert (status, error["code"]) == (404, "fleet_not_found")
    assert error["message"] == "the cluster has no fleet 'eu': it has none"


def test_shows_the_fleets_of_the_last_deploy_and_what_aws_has_started(master: Master) -> None:
    assert master.get()["eu"] == {**EU, "started": None, "problem": None, "scaled": None}
    supply = Supply(None, {"eu": FleetSupply(2, "AWS has no capacity")})
    write_supply(master.cluster.folder / "master" / "fleets.json", supply, time.monotonic())
    [eu, us] = master.get().values()
    assert (eu["started"], eu["problem"]) == (2, "AWS has no capacity")
    assert (us["started"], us["spot"]) == (None, False)


def test_sets_one_fleet_after_the_other_by_hand(master: Master) -> None:
    before = time.time()
    status, eu = master.put({"machines": 4})
    assert (status, eu["scaled"]["machines"]) == (200, 4)
    until = datetime.fromisoformat(eu["scaled"]["until"]).timestamp()
    assert before + 599 < until < time.time() + 601
    assert master.put({"machines": 2}, "us")[0] == 200
    scaled = json.loads(next(master.cluster.folder.rglob("scaled.json")).read_text())
    assert {name: each["machines"] for name, each in scaled.items()} == {"eu": 4, "us": 2}
    assert master.get()["eu"]["scaled"] == eu["scaled"]
    assert master.put({"machines": 1})[1]["scaled"]["machines"] == 1


def test_refuses_what_the_fleet_may_not_have(master: Master) -> None:
    status, error = master.put({"machines": 6})
    assert (status, error["field"]) == (400, "machines")
    assert error["message"].endswith(" to 5 (fleets.eu.max), got 6")
    assert master.put({"machines": 3}, "asia")[1]["message"].endswith("it has eu, us")
    assert master.put({"machines": 3}, "euu")[1]["message"].endswith("did you mean eu?")
    assert master.put("machines=3", Content_Type="text/plain")[0] == 415
    assert master.get()["eu"]["scaled"] is None


def test_a_folder_in_the_place_of_its_file_is_named(master: Master) -> None:
    """The test may write there."""
    file = master.cluster.folder / "master/run/scaled.json"
    file.mkdir()
    status, error = master.put({"machines": 3})
    file.rmdir()
    assert status == 500
    assert error["message"] == f"cannot write {file}: Is a directory; nothing was set"


def test_shows_no_more_by_hand_than_the_last_deploy_allows(master: Master) -> None:
    master.put({"machines": 5})
    current = json.loads(master.current_json.read_text())
    current["fleets"]["eu"]["max"] = 3
    master.current_json.write_text(json.dumps(current))
    assert master.get()["eu"]["scaled"]["machines"] == 3


def test_refuses_during_a_run(master: Master) -> None:
    run = master.runs.start(user_count=1)
    status, error = master.put({"machines": 3})
    master.runs.stop(run)
    master.runs.wait_for_end(run)
    assert (status, error["code"], error["run"]) == (409, "run_active", run)
    assert error["message"].endswith("; wait for its end or stop it")
    assert master.get()["eu"]["scaled"] is None


def test_takes_it_during_a_hold_which_is_about_runs(master: Master) -> None:
    hold = {"reason": "ours", "seconds": 60}
    assert master.runs.ask("PUT", "/cluster/hold", hold).status == 200
    assert master.put({"machines": 3})[0] == 200
    assert master.runs.ask("DELETE", "/cluster/hold").status == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "fleets", None),
        ("PUT", "fleets/eu", {"machines": 3}),
        ("POST", "runs", {"user_count": 1, "fleets": {"eu": 1}}),
    ],
)
def test_asks_for_another_try_while_another_test_takes_the_place(
    master: Master, method: str, path: str, body: Any
) -> None:
    master.current_json.unlink()
    reply = master.runs.ask(method, f"/cluster/{path}", body)
    error = _as_written(reply, "Error")["error"]
    assert (reply.status, error["code"]) == (503, "manifest_unreadable")
    assert error["message"].endswith(": try again")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PUT", "/eu")])
def test_asks_for_the_login(started: Master, method: str, path: str) -> None:
    reply = Runs(started.cluster).ask(method, f"/cluster/fleets{path}")
    assert reply.status == 401
