"""Tells the master what users raise: in their tasks, and while they are created.

Locust counts exceptions of the same traceback as one. Each process runs a copy of the test in a
folder of its own, so paths inside that folder are made relative. Errors while users are created are
only logged on the worker by Locust 2.47.0 (`locust_exception_handler` of locust/runners.py): the
run would go on without these users, and without a word of them in its results.
"""

import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from locust.env import Environment
from locust.runners import WorkerRunner

from locust_cluster.common.patch import patch
from locust_cluster.common.sendable import LONGEST_ERROR, cut

LONGEST_TRACEBACK = 100_000
"""Bytes."""


def report_exceptions(environment: Environment, runner: WorkerRunner, folder: Path) -> None:
    """Take the place of Locust's own listener. `folder` is that of this process's copy."""

    def report(exception: Exception, trace: TracebackType | None) -> None:
        text = relative("".join(traceback.format_tb(trace)), folder)
        # The master drops what is too long.
        message = cut(exception, LONGEST_ERROR)
        traced = cut(text, LONGEST_TRACEBACK)
        runner.send_message("exception", {"msg": message, "traceback": traced})

    def on_user_error(exception: Exception, tb: TracebackType | None, **_: object) -> None:
        report(exception, tb)

    events = environment.events.user_error
    # `WorkerRunner.__init__` has added the only one of that module.
    for handler in list(events._handlers):
        if handler.__module__ == "locust.runners":
            events.remove_listener(handler)
    events.add_listener(on_user_error)

    start = runner.start_worker

    def start_worker(*args: Any, **kwargs: Any) -> None:
        try:
            start(*args, **kwargs)
        except Exception as error:
            report(error, error.__traceback__)
            raise

    patch(runner, "start_worker", start_worker)


def relative(text: str, folder: Path) -> str:
    """A traceback as it reads on every worker."""
    for each in dict.fromkeys((folder, folder.resolve())):
        text = text.replace(f'File "{each}/', 'File "')
    return text
