"""A worker that says again that it is ready hears again that it is known, and no more.

A worker asks every few seconds until it hears its master. All of that arrives when the way is open
again, and bare Locust takes each for one more worker: the same process then gets the users of
several, and some users run twice.
"""

from typing import Any

from locust.runners import STATE_MISSING, MasterRunner

from locust_cluster.common.patch import patch


def answer_repeated_ready(runner: MasterRunner) -> None:
    """To be called before all others that watch over messages."""
    handle = runner.handle_message

    def handle_message(client_id: str, message: Any) -> None:
        client = runner.clients.get(client_id)
        # Of one that was missing, Locust has taken the users.
        if message.type != "client_ready" or client is None or client.state == STATE_MISSING:
            handle(client_id, message)
            return
        index = runner.get_worker_index(client_id)
        runner.send_message("ack", client_id=client_id, data={"index": index})

    # An attribute of the instance: the runner looks it up for every message.
    patch(runner, "handle_message", handle_message)
