"""Requests are counted by user class while a threshold asks for it, and not otherwise."""

from argparse import Namespace
from typing import Any

import gevent
from locust import User
from locust.env import Environment

from locust_cluster.common.constants import CLASSES_KEY
from locust_cluster.plugin.statistics.class_counter import ClassCounter
from locust_cluster.runs.class_stats import OPTION, ClassStats


class Buyer(User):
    host = ""


class Visitor(Buyer):
    pass


def worker(*classes: str) -> Environment:
    environment = Environment(user_classes=[Buyer, Visitor])
    environment.parsed_options = Namespace(**{OPTION: list(classes)})
    ClassCounter(environment)
    environment.events.test_start.fire(environment=environment)
    return environment


def answer(user: User, exception: Exception | None = None) -> None:
    user.environment.events.request.fire(
        request_type="GET", name="/", response_time=10, response_length=1, exception=exception
    )


def report(environment: Environment) -> dict[str, Any]:
    data: dict[str, Any] = {}
    environment.events.report_to_master.fire(client_id="w", data=data)
    return data


def test_adds_up_what_workers_have_counted() -> None:
    environment = worker("Buyer")
    buyer, visitor = Buyer(environment), Visitor(environment)
    gevent.spawn(answer, buyer).join()
    gevent.spawn(answer, visitor).join()
    # A greenlet that the user has begun itself.
    gevent.spawn(lambda _: gevent.spawn(lambda: answer(buyer, ValueError())).join(), buyer).join()
    answer(buyer)  # of nobody's greenlet
    master = ClassStats(Environment())
    master.begin(["Buyer", "Visitor"])
    data = report(environment)
    master.add(data)
    assert data == {}
    assert [row["num_requests"] for row in report(environment)[CLASSES_KEY]] == []
    ((name, sample),) = master.samples().items()
    assert (name, sample.requests, sample.failures, sample.max_ms) == ("Buyer", 2, 1, 10)
    master.clear()
    assert master.samples() == {}


def test_counts_nothing_without_such_a_threshold() -> None:
    environment = worker("Buyer")
    assert len(environment.events.request._handlers) == 1
    environment.parsed_options = Namespace()
    environment.events.test_start.fire(environment=environment)
    assert environment.events.request._handlers == []
    assert report(environment) == {}


def test_keeps_no_class_that_no_threshold_is_about() -> None:
    environment = worker("Visitor")
    gevent.spawn(answer, Visitor(environment)).join()
    master = ClassStats(Environment())
    master.begin(["Buyer"])
    master.add(report(environment))
    assert master.samples() == {}


def test_asks_the_workers_by_the_options_of_the_spawn_message() -> None:
    environment = Environment()
    environment.parsed_options = Namespace()
    ClassStats(environment).begin({"Buyer"})
    assert vars(environment.parsed_options) == {OPTION: ["Buyer"]}
