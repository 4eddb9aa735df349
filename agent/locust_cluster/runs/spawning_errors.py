"""Makes errors while users are created exceptions of the run, like those of their tasks.

Locust 2.47.0 only logs them on the worker, in `locust_exception_handler` of locust/runners.py: the
run goes on without these users, and without a word of them in its results.
"""

import traceback
from typing import Any

from locust.runners import WorkerRunner


def report_spawning_errors(runner: WorkerRunner) -> None:
    """Tell the master what `start_worker` raises, which Locust calls to create users."""
    start = runner.start_worker

    def start_worker(*args: Any, **kwargs: Any) -> None:
        try:
            start(*args, **kwargs)
        except Exception as error:
            formatted = "".join(traceback.format_tb(error.__traceback__))
            runner.send_message("exception", {"msg": str(error), "traceback": formatted})
            raise

    runner.start_worker = start_worker  # type: ignore[method-assign]
