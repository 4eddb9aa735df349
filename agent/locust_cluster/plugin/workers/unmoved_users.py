"""Users that Locust's dispatcher has moved on paper get to their workers.

Bare Locust moves the users when a worker comes or goes, but forgets it in two cases until the next
one does: when it still waits for the reports of the time before, and when a worker quits after
users were moved once, since its dispatcher then counts as at work for ever.
"""

from typing import NoReturn

import gevent
from locust.runners import STATE_RUNNING, MasterRunner

LOOK_EVERY_S = 0.5
"""The processes of a machine come and go within a moment: their users are moved in one go."""


def move_unmoved_users(runner: MasterRunner) -> None:
    """To be called before the first test."""
    # Not in the greenlet that reads messages: to move users takes a second.
    gevent.spawn(_watch, runner)


def _watch(runner: MasterRunner) -> NoReturn:
    while True:
        gevent.sleep(LOOK_EVERY_S)
        dispatcher = runner._users_dispatcher
        if dispatcher is None or runner.state != STATE_RUNNING or not runner.worker_count:
            continue
        if runner.spawning_completed and dispatcher._rebalance:
            runner.start(runner.target_user_count, runner.spawn_rate)
