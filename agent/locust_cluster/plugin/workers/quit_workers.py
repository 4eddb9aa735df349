"""The users of a worker that quits in the middle of a test go to the others.

Bare Locust: once it has moved users in a test, it takes its dispatcher to be at work for ever, and
moves those of a worker that quits only when the next one comes or is lost.
"""

from typing import Any

import gevent
from locust.runners import STATE_RUNNING, STATE_SPAWNING, MasterRunner

TOGETHER_S = 0.5
"""The processes of a machine quit within a moment: their users are moved in one go."""

LOOK_EVERY_S = 0.2


def move_users_of_quitters(runner: MasterRunner) -> None:
    """To be called before the first test."""
    handle = runner.handle_message
    moves: list[gevent.Greenlet] = []

    def handle_message(client_id: str, message: Any) -> None:
        handle(client_id, message)
        if message.type == "quit" and all(each.dead for each in moves):
            # Not in the greenlet that reads messages: it takes a second.
            moves[:] = [gevent.spawn_later(TOGETHER_S, _move_users, runner)]

    # An attribute of the instance: the runner looks it up for every message.
    setattr(runner, "handle_message", handle_message)  # noqa: B010 (mypy: a method)


def _move_users(runner: MasterRunner) -> None:
    while runner.state == STATE_SPAWNING:
        gevent.sleep(LOOK_EVERY_S)  # a ramp takes them along
    dispatcher = runner._users_dispatcher
    if runner.state != STATE_RUNNING or not runner.worker_count or dispatcher is None:
        return
    if dispatcher._rebalance:  # Locust has not moved them itself
        runner.start(runner.target_user_count, runner.spawn_rate)
