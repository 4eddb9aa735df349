"""Workers that end in or right after their `init` are no workers for a run."""

from collections.abc import Callable

import pytest
from cluster import USERS, Cluster, ask
from runs_client import Runs

DYING = {
    "in a listener": "    time.sleep(1)\n    raise ValueError('no data')\n",
    "right after it": "    import gevent\n    gevent.spawn_later(1, os._exit, 3)\n",
}


@pytest.mark.parametrize("end", DYING.values(), ids=DYING.keys())
def test_run_does_not_start_on_them(make_cluster: Callable[..., Cluster], end: str) -> None:
    listener = (
        "import os, time\nfrom locust import events\nfrom locust.runners import WorkerRunner\n"
        "@events.init.add_listener\ndef prepare(environment, **_):\n"
        "    if not isinstance(environment.runner, WorkerRunner):\n        return\n" + end
    )
    cluster = make_cluster(files={"locustfile.py": USERS + listener})
    cluster.start("master")
    cluster.wait_for_page()
    runs = Runs(cluster)
    run = runs.start(user_count=1, run_time=1, wait_timeout=6)
    for _ in range(2):
        assert cluster.start("worker").wait(timeout=30) != 0
    document = runs.wait_for_end(run)
    assert document["state"] == "failed", document["reason"]
    assert "0 of 1 worker processes are connected" in document["reason"]
    assert ask(f"{cluster.url}/cluster/nodes").json()["workers_connected"] == 0
