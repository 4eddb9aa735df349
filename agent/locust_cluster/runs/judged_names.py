"""Tells the workers which requests the thresholds of a run are about."""

from locust.env import Environment

from locust_cluster.common.sendable import sendable
from locust_cluster.runs.request import RunRequest

OPTION = "cluster_judged_requests"
"""Among the options that Locust's master sends to its workers whenever it spawns users."""


def tell_workers(environment: Environment, request: RunRequest) -> None:
    """On the master, before users are spawned."""
    if environment.parsed_options is not None:
        setattr(environment.parsed_options, OPTION, sorted(map(sendable, request.judged_requests)))


def is_judged(environment: Environment, method: str, name: str) -> bool:
    """On a worker: is a threshold of the run about this request in particular?"""
    judged = getattr(environment.parsed_options, OPTION, None) or ()
    return name in judged or f"{method} {name}" in judged
