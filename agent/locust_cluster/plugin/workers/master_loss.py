"""Workers return soon after their master was killed.

Bare Locust: workers load the target for 60 s more, and a restarted master never takes them back.
Here: a restarted master sends away, at their next report (3 s), workers that it does not know, and
systemd starts them afresh. A master that stays away is given up after half of Locust's time.
"""

import time
from typing import Any

from locust import runners
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from locust_cluster.common.listener import listener
from locust_cluster.common.patch import patch

MASTER_SILENCE_S = 30
"""Locust's own is 60. Not lower: a master that loads a big file in `test_start` is silent, too."""


def notice_soon(runner: WorkerRunner) -> None:
    """Give a silent master up sooner, but never while this worker does not listen itself.

    Locust handles `stop` and `test_start` in the greenlet that receives heartbeats: with a
    `--stop-timeout` or a slow listener it hears nothing for as long, and would blame the master.
    """
    handle = runner.handle_message
    timeout = runners.MASTER_HEARTBEAT_TIMEOUT

    def handle_with_longer_timeout(message: Any) -> None:
        runners.MASTER_HEARTBEAT_TIMEOUT = int(timeout + longest_stop_s(runner.environment))
        try:
            handle(message)
        finally:
            if runner.last_heartbeat_timestamp:
                runner.last_heartbeat_timestamp = time.time()
            runners.MASTER_HEARTBEAT_TIMEOUT = MASTER_SILENCE_S

    runners.MASTER_HEARTBEAT_TIMEOUT = MASTER_SILENCE_S
    # An attribute of the instance: the worker's loop looks it up for every message.
    patch(runner, "handle_message", handle_with_longer_timeout)


def longest_stop_s(environment: Environment) -> float:
    """How long a worker may hear nothing for a `stop`.

    It waits for the users, and then once more as long (runners.py, handle_message).
    """
    return 2 * float(environment.stop_timeout or 0)


class KnownWorkers:
    """The workers that ever connected to this master."""

    def __init__(self) -> None:
        self._ids: set[str] = set()

    @listener
    def worker_connect(self, client_id: str, **_: object) -> None:
        self._ids.add(client_id)

    def send_away_unknown(self, runner: MasterRunner, client_id: str) -> bool:
        """Let a worker of the master before this one quit. True when it was such a worker.

        Not `client_id in runner.clients`: Locust forgets a worker for the time of its `stop`.
        """
        if client_id in self._ids:
            return False
        runner.send_message("quit", client_id=client_id)
        return True
