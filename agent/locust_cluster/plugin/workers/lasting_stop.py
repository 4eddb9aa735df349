"""A stop is not undone by what the master was doing.

Bare Locust: when a worker comes or goes, its master distributes the users anew, in the greenlet
that noticed it, and waits for a second until they are reported. A test that is stopped meanwhile
goes on: the distribution is sent to its end, and then the test counts as running.
"""

from typing import Any

from locust.dispatch import UsersDispatcher
from locust.runners import STATE_RUNNING, STATE_STOPPED, STATE_STOPPING, MasterRunner

from locust_cluster.common.patch import patch


class StoppableDispatcher(UsersDispatcher):
    """Distributes no users once its test is stopped."""

    is_over = False

    def __next__(self) -> dict[str, dict[str, int]]:
        users = super().__next__()
        if self.is_over:
            raise StopIteration
        return users


def make_stops_last(runner: MasterRunner) -> None:
    """To be called before the first test. Its dispatcher is to be a StoppableDispatcher."""
    stop, update_state = runner.stop, runner.update_state

    def stop_for_good(*args: Any, **kwargs: Any) -> None:
        if isinstance(runner._users_dispatcher, StoppableDispatcher):
            runner._users_dispatcher.is_over = True
        stop(*args, **kwargs)

    def update_unless_stopped(state: str) -> None:
        if state != STATE_RUNNING or runner.state not in (STATE_STOPPING, STATE_STOPPED):
            update_state(state)

    # Attributes of the instance, which it looks up itself.
    patch(runner, "stop", stop_for_good)
    patch(runner, "update_state", update_unless_stopped)
