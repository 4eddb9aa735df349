"""Each run begins with the test as it was written, on the master and on every worker.

Locust filters tasks by tag once in the life of a process and sets a run's host on the user classes
for good: the second run would get the tags and the host of the first.
"""

from collections.abc import Callable, Iterable
from typing import Any

from locust import TaskSet, User
from locust.env import Environment

from locust_cluster.common.patch import patch


def begin_afresh(environment: Environment) -> None:
    """To be called when `init` is over: its listeners may set hosts.

    Puts itself before Locust's filter by tags.
    """
    filter_tasks: Callable[[], None] = environment._filter_tasks_by_tags
    hosts = {each: each.host for each in environment.user_classes}
    unfiltered: list[tuple[Any, list[Any]]] = []

    def start() -> None:
        # Locust calls this when a test starts, before `test_start` and before it sets the host.
        for holder, tasks in unfiltered:
            holder.tasks = tasks
        unfiltered[:] = [(holder, holder.tasks) for holder in _holders(hosts)]
        for each, host in hosts.items():
            each.host = host
        environment._tasks_filtered = False
        filter_tasks()
        # What is the same as before is the page's to edit, and stays so.
        unfiltered[:] = [(holder, tasks) for holder, tasks in unfiltered if holder.tasks != tasks]

    patch(environment, "_filter_tasks_by_tags", start)


def _holders(classes: Iterable[type[User] | type[TaskSet]]) -> Iterable[Any]:
    for each in classes:
        yield each
        nested = [task for task in each.tasks if isinstance(task, type)]
        yield from _holders([task for task in nested if issubclass(task, TaskSet)])
