"""`environment.runner.quit()` in a test ends the run, and leaves the cluster as it is.

In Locust it ends the process that it is called in: one worker of many, or the master and with it
the page. Here the master stops the test on all workers and writes the run.
"""

from collections.abc import Callable
from typing import Any

from locust.exception import StopUser
from locust.runners import MasterRunner, WorkerRunner

from locust_cluster.common.constants import TEST_ENDED
from locust_cluster.common.patch import patch
from locust_cluster.plugin.user_test.current_user import current_user


def end_from_master(runner: MasterRunner, end: Callable[[], bool]) -> None:
    """`end` ends the run; False when there is none, or Locust itself quits."""
    quit_locust = runner.quit

    def quit_run() -> None:
        if not end():
            quit_locust()

    def ended(**_: Any) -> None:
        end()

    patch(runner, "quit", quit_run)
    runner.register_message(TEST_ENDED, ended)


def end_from_worker(runner: WorkerRunner) -> None:
    """For calls by users; Locust itself quits from other greenlets."""
    quit_locust = runner.quit

    def quit_run() -> None:
        if current_user() is None:
            quit_locust()
            return
        runner.send_message(TEST_ENDED)
        raise StopUser

    patch(runner, "quit", quit_run)
