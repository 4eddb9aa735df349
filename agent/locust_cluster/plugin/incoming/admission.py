"""Lets workers of this cluster in, and no others (workers/own_master.py)."""

from typing import Any

from locust.rpc import Message

from locust_cluster.common.constants import HELLO
from locust_cluster.plugin.incoming.checks import BadMessageError

MOST_GREETED = 10_000
"""Workers that have named their cluster and not yet come in."""


class Admission:
    """Of one master; without an id, as in a deployed cluster, it lets everybody in."""

    def __init__(self, cluster_id: str) -> None:
        self._cluster_id = cluster_id
        self._greeted: set[str] = set()

    def greet(self, client_id: str, cluster_id: object, socket: Any) -> None:
        """A worker has named its cluster: answer with ours."""
        if cluster_id == self._cluster_id and len(self._greeted) < MOST_GREETED:
            self._greeted.add(client_id)
        answer = Message(HELLO, self._cluster_id, client_id)
        socket.send_multipart([client_id.encode(), answer.serialize()])

    def check(self, client_id: str) -> None:
        """Raise BadMessageError when a worker that is to come in has not named this cluster."""
        if self._cluster_id and client_id not in self._greeted:
            raise BadMessageError(f"{client_id} is a worker of another cluster")

    def admit(self, client_id: str) -> None:
        """A worker wants in. Raises BadMessageError when it has not named this cluster."""
        self.check(client_id)
        self._greeted.discard(client_id)
