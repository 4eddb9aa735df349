"""A test ends without the workers that are missing.

Bare Locust: a test that is stopped is "stopping", and no other can start, until the last silent
worker is forgotten, a minute after it was last heard. Such a worker gets its `stop` when it is
reached again.
"""

from locust.runners import (
    STATE_INIT,
    STATE_MISSING,
    STATE_STOPPED,
    STATE_STOPPING,
    MasterRunner,
)


def end_without_them(runner: MasterRunner) -> None:
    """Let this runner be stopped when all workers are that are heard."""
    check = runner.check_stopped

    def check_stopped() -> None:
        check()
        if runner.state == STATE_STOPPING and _all_heard_are_ready(runner):
            runner.update_state(STATE_STOPPED)

    # An attribute of the instance: the runner looks it up after every message.
    setattr(runner, "check_stopped", check_stopped)  # noqa: B010 (mypy: a method)


def _all_heard_are_ready(runner: MasterRunner) -> bool:
    return {worker.state for worker in runner.clients.all} <= {STATE_INIT, STATE_MISSING}
