"""The master's side of an ordered leave (leave.py).

A worker that leaves is a client until its `quit`: it gets no users, is not counted, and a test that
ends meanwhile waits for its last report. Bare Locust forgets it at once.
"""

import logging
from collections.abc import Callable
from typing import Any

import gevent
from locust.rpc import Message
from locust.runners import (
    STATE_MISSING,
    STATE_RUNNING,
    STATE_SPAWNING,
    STATE_STOPPING,
    MasterRunner,
    WorkerNode,
)

from locust_cluster.common.constants import LEAVING
from locust_cluster.common.identity import Identity, from_report
from locust_cluster.common.iso_time import from_iso, iso
from locust_cluster.common.patch import patch
from locust_cluster.plugin.incoming.checks import BadMessageError
from locust_cluster.runs.interruptions import Leaving

logger = logging.getLogger(__name__)

_OF_ITS_USERS = ("client_ready", "spawning", "spawning_complete")
"""Messages by which Locust would count on a worker again."""


class LeavingWorkers:
    """Of one master. `identity` tells what a worker has said of itself before.

    `began` hears who leaves, `left` who has done so in order.
    """

    def __init__(
        self,
        runner: MasterRunner,
        identity: Callable[[str], Identity | None],
        began: Callable[[str, Leaving], None],
        left: Callable[[str], None],
    ) -> None:
        self._runner = runner
        self._identity = identity
        self._began = began
        self._left = left
        self._leaving: set[str] = set()
        self._stop: gevent.Greenlet | None = None

    def install(self) -> None:
        """To be called after all others that watch over messages."""
        check, handle = self._runner.check_stopped, self._runner.handle_message

        def check_stopped() -> None:
            # Where only those that leave are there, nobody runs for Locust: it would call the test
            # stopped without an end, before we stop it.
            is_ending = self._stop is not None and not self._stop.dead
            if not (is_ending and self._runner.state in (STATE_SPAWNING, STATE_RUNNING)):
                check()

        def handle_message(client_id: str, message: Any) -> None:
            if message.type == LEAVING:
                self._begin(client_id, message.data)
            elif client_id not in self._leaving or self._is_for_locust(client_id, message):
                handle(client_id, message)

        # Attributes of the instance: the runner looks them up for every message.
        patch(self._runner, "check_stopped", check_stopped)
        patch(self._runner, "handle_message", handle_message)

    def _begin(self, client_id: str, data: dict[str, Any]) -> None:
        """Raises BadMessageError when it is not the machine that this worker is known to be on."""
        told, identity = from_report(data), self._identity(client_id)
        # Whoever never connected has nothing to leave.
        is_new = client_id in self._runner.worker_indexes and client_id not in self._leaving
        if told is None or not is_new:
            return
        place = f"process {told.index} of {told.instance_id}"
        if identity is None or (identity.instance_id, identity.index) != (
            told.instance_id,
            told.index,
        ):
            raise BadMessageError(f"{client_id} says that {place} leaves, and is another process")
        self._leaving.add(client_id)
        logger.info("%s leaves: AWS is about to end its machine (%s)", client_id, data["cause"])
        machine = (identity.instance_id, identity.node, identity.fleet)
        # A worker's own text is a time, but not as we write it.
        ends = data["ends"] and iso(from_iso(data["ends"]))
        self._began(client_id, Leaving(*machine, data["cause"], ends))
        if client := self._runner.clients.get(client_id):
            self._take_users(client)

    def _take_users(self, client: WorkerNode) -> None:
        """Its users are the others' from now on; unmoved_users.py brings them there."""
        runner = self._runner
        client.state = STATE_STOPPING
        if runner._users_dispatcher is not None:
            runner._users_dispatcher.remove_worker(client)
        if not runner.worker_count and runner.state in (STATE_SPAWNING, STATE_RUNNING):
            logger.info("The last worker has left, stopping test.")
            # Not in the greenlet that reads messages: it waits for the last reports.
            self._stop = gevent.spawn(runner.stop)

    def _is_for_locust(self, client_id: str, message: Message) -> bool:
        client = self._runner.clients.get(client_id)
        if message.type == "quit":
            self._leaving.discard(client_id)
            if client is not None:
                del self._runner.clients[client_id]
                logger.info("%s has left", client_id)
                self._left(client_id)
            self._runner.check_stopped()
            return False
        if message.type == "heartbeat" and client is not None:
            if client.state == STATE_MISSING:
                client.state = STATE_STOPPING
            message.data["state"] = STATE_STOPPING
        return message.type not in _OF_ITS_USERS
