"""A worker says who it is before it comes in, and hears its rank before it gets users.

The first of its reports would be too late: a test that goes on gives it users at once, by its
fleet. And what the master answers may arrive before Locust has listeners: only its connection is
there.
"""

from collections.abc import Callable

from locust.rpc import Message
from locust.rpc import rpc as locust_rpc

from locust_cluster.common.constants import IDENTITY, RANK
from locust_cluster.common.identity import Identity, to_report
from locust_cluster.common.patch import patch
from locust_cluster.plugin.workers.rank_messages import take_rank
from locust_cluster.rank import OWN


def introduce(identity: Callable[[], Identity]) -> None:
    """To be called while Locust imports its files: it makes its connection after them."""

    class Client(locust_rpc.Client):
        def send(self, message: Message) -> None:
            if message.type == "client_ready":
                super().send(Message(IDENTITY, to_report(identity()), message.node_id))
            super().send(message)

        def recv(self) -> Message:
            while True:
                message: Message = super().recv()  # type: ignore[no-untyped-call]
                if message.type != RANK:
                    return message
                take_rank(message.data)

    OWN.now = None
    patch(locust_rpc, "Client", Client)
