"""Master and workers of a local cluster know each other by the cluster's id.

Several local clusters share the loopback address of a computer, where a port is all that tells them
apart: a worker that reaches the master of another would run that one's test. So a worker names its
cluster before Locust's own `client_ready`, and the master answers with its own.
"""

import sys
from typing import Any, NoReturn

from locust.rpc import Message
from locust.rpc import rpc as locust_rpc

from locust_cluster.common.constants import HELLO
from locust_cluster.common.process_status import write_process_status
from locust_cluster.common.settings import Settings
from locust_cluster.plugin.incoming.checks import BadMessageError

EXIT_CODE = 2

MOST_GREETED = 10_000
"""Workers that have named their cluster and not yet come in."""


class Members:
    """The master's half."""

    def __init__(self, cluster_id: str) -> None:
        self._cluster_id = cluster_id
        self._greeted: set[str] = set()

    def greet(self, client_id: str, cluster_id: object, socket: Any) -> None:
        """A worker has named its cluster: answer with ours."""
        if cluster_id == self._cluster_id and len(self._greeted) < MOST_GREETED:
            self._greeted.add(client_id)
        answer = Message(HELLO, self._cluster_id, client_id)
        socket.send_multipart([client_id.encode(), answer.serialize()])

    def admit(self, client_id: str) -> None:
        """A worker wants in. Raises BadMessageError when it has not named this cluster."""
        if self._cluster_id and client_id not in self._greeted:
            raise BadMessageError(f"{client_id} is a worker of another cluster")
        self._greeted.discard(client_id)


def join_own_master_only(settings: Settings) -> None:
    """Let this worker join a master of its own cluster only, else end it with a sentence.

    To be called while Locust imports its files: it makes its connection after them. A deployed
    cluster has no id: its network keeps others away.
    """
    if not settings.cluster_id:
        return

    class Client(locust_rpc.Client):
        _knows_master = False

        def send(self, message: Message) -> None:
            if message.type == "client_ready":
                super().send(Message(HELLO, settings.cluster_id, message.node_id))
            super().send(message)

        def recv(self) -> Message:
            while True:
                message: Message = super().recv()  # type: ignore[no-untyped-call]
                if message.type == HELLO:
                    self._knows_master = message.data == settings.cluster_id
                if (message.type == HELLO or message.type == "ack") and not self._knows_master:
                    _leave(settings)
                if message.type != HELLO:
                    return message

    setattr(locust_rpc, "Client", Client)  # noqa: B010 (mypy: a type)


def _leave(settings: Settings) -> NoReturn:
    place = f"{settings.master_host}:{settings.master_port}"
    sentence = f"the master on {place} belongs to another cluster: end one of the two"
    print(sentence, file=sys.stderr)
    write_process_status(settings.process_file, "failed", sentence)
    # gevent hands it to the main greenlet, and so the process ends.
    sys.exit(EXIT_CODE)
