"""A hold on new runs: taken, renewed, lifted, and run out; over the API and on Locust's page."""

from typing import Any

import pytest
from cluster import Cluster, ask
from runs_client import Runs

from locust_cluster.runs.hold import Hold, RunsHeldError

SAVING = {"reason": "the cluster is being destroyed", "seconds": 600}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_hold_that_nobody_renews_runs_out() -> None:
    clock = Clock()
    hold = Hold(clock)
    hold.check()
    hold.take("saving", 60)
    clock.now += 50
    hold.take("saving", 60)
    clock.now += 59
    with pytest.raises(RunsHeldError, match=": saving"):
        hold.check()
    clock.now += 1
    assert hold.to_document() is None
    hold.check()


def test_no_run_begins_while_it_lasts(shop: Cluster, runs: Runs) -> None:
    taken = runs.ask("PUT", "/cluster/hold", SAVING).json()["hold"]
    try:
        assert runs.ask("GET", "/cluster/nodes").json()["hold"]["reason"] == taken["reason"]
        refused = runs.ask("POST", "/cluster/runs", {"user_count": 1})
        assert (refused.status, refused.json()["error"]["code"]) == (409, "runs_held")
        assert refused.json()["error"]["message"].endswith(": the cluster is being destroyed")
        assert swarm(shop)["success"] is False
        assert swarm(shop)["message"] == refused.json()["error"]["message"]
        assert runs.ask("GET", "/cluster/runs").json()["active"] is None
    finally:
        lifted = runs.ask("DELETE", "/cluster/hold")
    assert lifted.json() == {"hold": None}
    run = runs.start(user_count=1)
    runs.wait_until_measured(run)
    runs.stop(run)
    runs.wait_for_end(run)


@pytest.mark.parametrize(("method", "path"), [("PUT", "/cluster/hold"), ("POST", "/cluster/runs")])
def test_a_body_of_too_many_levels_is_a_wrong_one(runs: Runs, method: str, path: str) -> None:
    reply = runs.ask(method, path, "[" * 200_000, Content_Type="application/json")
    assert (reply.status, reply.json()["error"]["field"]) == (400, "body")


def swarm(shop: Cluster) -> Any:
    form = {"user_count": "1", "spawn_rate": "1", "host": "http://a.example"}
    return ask(f"{shop.url}/swarm", form, {"Authorization": "Bearer right-token"}).json()
