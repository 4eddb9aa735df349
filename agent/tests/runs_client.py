"""Tests that need no target, and a client for the runs of a cluster."""

import http.client
import json
import time
from typing import Any

from cluster import Cluster, Reply, wait_until

SHOP = """
import time
from locust import User, constant, tag, task


class Shopper(User):
    wait_time = constant(0.05)

    def answer(self, name, response_time, error=None):
        self.environment.events.request.fire(
            request_type="GET", name=name, response_time=response_time, response_length=10,
            exception=error, context={}, start_time=time.time(), url=name)

    @tag("read")
    @task(4)
    def look(self):
        self.answer("/item", 296)

    @tag("buy")
    @task
    def checkout(self):
        self.answer("/checkout", 1049, RuntimeError("sold out"))


class Visitor(Shopper):
    pass
"""
"""Makes requests of known length without a target."""

SHAPE = (
    SHOP
    + """

from locust import LoadTestShape


class Hill(LoadTestShape):
    def tick(self):
        return (4, 4) if self.get_run_time() < 2 else None
"""
)

BROKEN_USER = """
from locust import User


class Broken(User):
    def on_start(self):
        raise ValueError("no such basket")
"""


MANY_NAMES = """
from locust import User, constant, task


class Catalogue(User):
    def on_start(self):
        for number in range(2_100):
            self.environment.events.request.fire(
                request_type="GET", name=f"/item/{number}", response_time=100,
                response_length=10, exception=None, context={})

    wait_time = constant(1)

    @task
    def rest(self):
        pass
"""


QUITTER = (
    SHOP
    + """
import gevent
from locust import events
from locust.runners import MasterRunner


class Quitter(User):
    @task
    def quit(self):
        self.environment.events.request.fire(
            request_type="GET", name="/", response_time=1, response_length=0, exception=None,
            context={})
        self.environment.runner.quit()


class Raiser(User):
    wait_time = constant(0.1)

    @task
    def fail(self):
        raise OSError("no such basket")


@events.test_start.add_listener
def watch(environment, **_):
    if isinstance(environment.runner, MasterRunner):
        gevent.spawn(end_at_the_first_failure, environment.runner)


def end_at_the_first_failure(runner):
    while not runner.stats.total.num_failures:
        gevent.sleep(0.2)
    runner.quit()


@events.test_stop.add_listener
def judge(environment, **_):
    if [each.__name__ for each in environment.user_classes] == ["Visitor"]:
        environment.process_exit_code = 3
"""
)

UNBORN_USER = """
from locust import User


class Unborn(User):
    def __init__(self, environment):
        super().__init__(environment)
        raise OSError("no such basket")
"""

IDLE_USER = """
from locust import User, constant, task


class Idle(User):
    wait_time = constant(1)

    @task
    def rest(self):
        pass
"""

RECOVERS_AT_ITS_END = (
    SHOP
    + """

class Penitent(User):
    wait_time = constant(0.05)
    answer = Shopper.answer

    @task
    def fail(self):
        self.answer("/item", 296, RuntimeError("sold out"))

    def on_stop(self):
        for _ in range(1_000):
            self.answer("/item", 10)
"""
)


class Runs:
    """The API of a cluster's runs."""

    def __init__(self, cluster: Cluster, token: str | None = None) -> None:
        self._cluster = cluster
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self._cluster.web_port, timeout=30)
        sent = {**self._headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
        content = body
        if body is not None and not isinstance(body, str):
            content = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, content, sent)
            reply = connection.getresponse()
            return Reply(reply.status, reply.read().decode(), reply.headers)
        finally:
            connection.close()

    def start(self, **request: Any) -> str:
        reply = self.ask("POST", "/cluster/runs", request)
        assert reply.status == 201, reply.body
        run: str = reply.json()["id"]
        assert reply.headers["Location"] == f"/cluster/runs/{run}"
        return run

    def get(self, run: str) -> dict[str, Any]:
        reply = self.ask("GET", f"/cluster/runs/{run}")
        assert reply.status == 200, reply.body
        document: dict[str, Any] = reply.json()
        return document

    def stop(self, run: str) -> None:
        assert self.ask("POST", f"/cluster/runs/{run}/stop").status == 200

    def file(self, run: str, name: str) -> str:
        reply = self.ask("GET", f"/cluster/runs/{run}/files/{name}")
        assert reply.status == 200, reply.body
        return reply.body

    def wait(self, run: str, *states: str, seconds: float = 20) -> dict[str, Any]:
        """Wait for one of the states."""
        end = time.monotonic() + seconds
        while (document := self.get(run))["state"] not in states:
            assert time.monotonic() < end, f"run is {document['state']}: {document['reason']}"
            time.sleep(0.05)
        return document

    def wait_until_measured(self, run: str) -> None:
        """Wait for the first figures.

        A stop within a moment of the spawn would cost the shared workers: Locust sends one away
        whose `spawning_complete` comes after it (runners.py, "unknown worker").
        """
        wait_until(lambda: self.get(run)["total"], 20, "it is measured")

    def wait_for_end(self, run: str) -> dict[str, Any]:
        return self.wait(run, "finished", "failed", "cancelled", "interrupted")
