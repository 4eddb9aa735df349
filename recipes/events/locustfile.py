"""A figure of one's own: each worker counts, and adds it to the report that it sends every 3 s."""

import logging
import os
from typing import Any

from locust import FastHttpUser, constant, events, task
from locust.env import Environment
from locust.runners import MasterRunner

SAMPLE = os.environ.get("CLUSTER_SAMPLE_TARGET") or None

bytes_read = 0
"""On a worker since its last report, on the master of all workers since the run began."""


class Reader(FastHttpUser):
    host = SAMPLE
    wait_time = constant(0.5)

    @task
    def search(self) -> None:
        global bytes_read
        bytes_read += len(self.client.get("/search").content or b"")


@events.test_start.add_listener
def begin(**_: object) -> None:
    global bytes_read
    bytes_read = 0


@events.report_to_master.add_listener
def report(data: dict[str, Any], **_: object) -> None:
    global bytes_read
    data["bytes_read"], bytes_read = bytes_read, 0


@events.worker_report.add_listener
def add_up(data: dict[str, Any], **_: object) -> None:
    global bytes_read
    bytes_read += data["bytes_read"]


@events.test_stop.add_listener
def tell(environment: Environment, **_: object) -> None:
    if isinstance(environment.runner, MasterRunner):
        logging.info("all workers together have read %d bytes", bytes_read)
