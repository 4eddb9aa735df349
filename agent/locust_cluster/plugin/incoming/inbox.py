"""Stands between the workers' port and Locust's master: drops and counts what is bad."""

import logging
import os
from collections.abc import Callable, Sequence
from typing import Any

from gevent import Greenlet, getcurrent, sleep
from locust.exception import RPCError
from locust.rpc import Message
from locust.rpc import rpc as locust_rpc
from locust.runners import MasterRunner
from zmq.error import ZMQError

from locust_cluster.common.constants import HELLO, IDENTITY, NUMBER_KEY
from locust_cluster.common.patch import patch
from locust_cluster.plugin.incoming.admission import Admission
from locust_cluster.plugin.incoming.checks import BadMessageError
from locust_cluster.plugin.incoming.dropped import Dropped
from locust_cluster.plugin.incoming.introductions import Introductions
from locust_cluster.plugin.incoming.lost_reports import LostReports
from locust_cluster.plugin.incoming.messages import (
    MOST_BYTES,
    REPORTS,
    is_numbered,
    is_report_of,
    read_message,
)
from locust_cluster.plugin.incoming.workers_port import WorkersPort

logger = logging.getLogger(__name__)

MOST_CLIENTS = 10_000
"""Worker processes. Locust has been seen with thousands, and forgets a silent one after 66 s."""

MOST_EXCEPTIONS = 10_000
"""Different tracebacks."""


class Inbox:
    """Of one master. `report_lost` hears why what a worker has counted was dropped."""

    def __init__(
        self, cluster_id: str = "", report_lost: Callable[[str], None] = lambda _: None
    ) -> None:
        self.dropped = Dropped()
        self._report_lost = report_lost
        self._admission = Admission(cluster_id)
        self.introductions = Introductions()
        self._lost = LostReports()
        self._runner: MasterRunner | None = None
        self._workers: WorkersPort | None = None
        self._listener: Greenlet | None = None

    @property
    def is_open(self) -> bool:
        """Does the greenlet live that reads the workers' messages?"""
        return self._listener is None or not self._listener.dead

    def install(self) -> None:
        """Let Locust make its server with this inbox: now, and when it resets the connection.

        To be called while Locust imports its files.
        """
        inbox = self

        class Server(locust_rpc.Server):
            def __init__(self, host: str, port: int) -> None:
                try:
                    workers = WorkersPort(
                        host, port, MOST_BYTES, MOST_CLIENTS, inbox.refuse, inbox.introductions.take
                    )
                except OSError as error:
                    reason = os.strerror(error.errno) if error.errno else error
                    raise RPCError(f"Socket bind failure: {reason}") from error
                inbox._workers = workers
                self.socket, self.port = workers, workers.port  # type: ignore[assignment]

            def recv_from_client(self) -> tuple[str, Message]:
                return inbox.receive(self.socket)

        patch(locust_rpc, "Server", Server)

    def hears(self, client_id: str) -> bool:
        """Is a worker connected at this moment? A killed one is not, before Locust knows it."""
        return self._workers is not None and self._workers.has(client_id)

    def attach(self, runner: MasterRunner) -> None:
        """Watch over what this runner does with its messages."""
        self._runner = runner
        handle = runner.handle_message

        def handle_safely(client_id: str, message: Message) -> None:
            try:
                handle(client_id, message)
            except BadMessageError as error:
                self.dropped.add(str(error))  # by what we know of its sender
            except Exception as error:
                # Locust's loop would end with it.
                reason = f"{message.type} from {client_id} failed: {error!r}"
                self.dropped.add(reason)
                if message.type in REPORTS:
                    self._report_lost(reason)

        patch(runner, "handle_message", handle_safely)

    def receive(self, socket: Any) -> tuple[str, Message]:
        """Wait for the next good message. Raises RPCError."""
        self._listener = getcurrent()
        while True:
            try:
                frames = socket.recv_multipart()
            except ZMQError as error:
                raise RPCError("ZMQ network broken") from error
            try:
                custom = self._runner.custom_messages if self._runner else ()
                client_id, message = read_message(frames, custom)
                if message.type == HELLO:
                    self._admission.greet(client_id, message.data, socket)
                    continue
                if message.type == IDENTITY:
                    self._admission.check(client_id)
                    self.introductions.add(client_id, message.data)
                    continue
                self._refuse_too_many(client_id, message)
                if message.type == "client_ready":
                    self._admission.admit(client_id)
                if message.type == "stats":
                    self._miss_reports(client_id, message.data)
                return client_id, message
            except BadMessageError as error:
                self.refuse(str(error), frames)
                sleep(0)  # whoever floods this port is not to stop the page

    def refuse(self, reason: str, frames: Sequence[bytes]) -> None:
        """Count a message that Locust does not get, and know a report by its beginning."""
        self.dropped.add(reason)
        if self._runner is not None and is_report_of(frames, self._runner.clients):
            if is_numbered(frames):
                self._lost.refuse(frames[0].decode())
            self._report_lost(reason)

    def _miss_reports(self, client_id: str, data: dict[str, Any]) -> None:
        """See by its number whether reports before this one are lost."""
        number = data.get(NUMBER_KEY)
        # Not its clients: Locust forgets a worker for the time of its `stop`.
        if number is None or not self._runner or client_id not in self._runner.worker_indexes:
            return
        if len(self._lost) >= MOST_CLIENTS:
            self._lost.keep(self._runner.clients)
        if missing := self._lost.missing(client_id, number):
            reason = f"{missing} reports of {client_id} did not arrive"
            logger.warning(reason)
            self._report_lost(reason)

    def _refuse_too_many(self, client_id: str, message: Message) -> None:
        runner = self._runner
        if runner is None:
            return
        known = client_id in runner.clients
        if message.type == "client_ready" and not known and len(runner.clients) >= MOST_CLIENTS:
            raise BadMessageError(f"a master has {MOST_CLIENTS} workers at most")
        if message.type == "logs" and client_id not in runner.worker_indexes:
            raise BadMessageError("logs of a worker that never connected")
        if message.type == "exception" and len(runner.exceptions) >= MOST_EXCEPTIONS:
            # Locust counts those of one traceback together, by this key.
            key = hash(message.data["traceback"])
            if key not in runner.exceptions:
                raise BadMessageError(f"a master keeps {MOST_EXCEPTIONS} exceptions at most")
