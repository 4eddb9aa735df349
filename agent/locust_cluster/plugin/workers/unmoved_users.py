"""Users that Locust's dispatcher has moved on paper get to their workers.

Bare Locust moves the users when a worker comes or goes, but forgets it in two cases until the next
one does: when it still waits for the reports of the time before, and when a worker quits after
users were moved once, since its dispatcher then counts as at work for ever. Of workers that leave
(leaving_workers.py) it knows nothing.
"""

from typing import NoReturn

import gevent
from locust.runners import STATE_RUNNING, MasterRunner

LOOK_EVERY_S = 0.2

TOGETHER_S = 1
"""The processes of a machine come within a moment, and look once a second whether they have to
leave: their users are moved in one go."""


def move_unmoved_users(runner: MasterRunner) -> None:
    """To be called before the first test."""
    # Not in the greenlet that reads messages: to move users takes a second.
    gevent.spawn(_watch, runner)


def _watch(runner: MasterRunner) -> NoReturn:
    while True:
        gevent.sleep(LOOK_EVERY_S)
        if _has_unmoved(runner):
            gevent.sleep(TOGETHER_S)
            if _has_unmoved(runner):
                runner.start(runner.target_user_count, runner.spawn_rate)


def _has_unmoved(runner: MasterRunner) -> bool:
    """Not while a ramp goes on: it takes them along, and waits for reports at its end."""
    dispatcher = runner._users_dispatcher
    is_steady = runner.state == STATE_RUNNING and runner.spawning_completed and runner.worker_count
    return bool(is_steady and dispatcher is not None and dispatcher._rebalance)
