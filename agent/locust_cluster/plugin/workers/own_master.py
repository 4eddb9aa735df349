"""A worker of a local cluster joins the master of that cluster only.

Several local clusters share the loopback address of a computer, where a port is all that tells them
apart: a worker that reaches the master of another would run that one's test. So a worker names its
cluster before Locust's own `client_ready`, and the master answers with its own
(incoming/admission.py).
"""

import sys
from typing import NoReturn

from locust.rpc import Message
from locust.rpc import rpc as locust_rpc

from locust_cluster.common.constants import HELLO
from locust_cluster.common.patch import patch
from locust_cluster.common.process_status import write_process_status
from locust_cluster.common.settings import Settings

EXIT_CODE = 2


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

    patch(locust_rpc, "Client", Client)


def _leave(settings: Settings) -> NoReturn:
    place = f"{settings.master_host}:{settings.master_port}"
    sentence = f"the master on {place} belongs to another cluster: end one of the two"
    print(sentence, file=sys.stderr)
    write_process_status(settings.process_file, "failed", sentence)
    # gevent hands it to the main greenlet, and so the process ends.
    sys.exit(EXIT_CODE)
