"""Requests by user class, for runs with a threshold about one: workers count, the master adds up.

Locust's own statistics have names only. To count by class costs each request some microseconds, so
it is done during such runs only.
"""

from collections.abc import Collection
from typing import Any

import gevent
from locust import User
from locust.env import Environment
from locust.stats import RequestStats, StatsEntry

from locust_cluster.common.listener import listener
from locust_cluster.plugin.incoming.report import CLASSES_KEY
from locust_cluster.runs.figures import Sample
from locust_cluster.runs.measure import to_sample

OPTION = "cluster_judged_classes"
"""Among the options that Locust's master sends to its workers whenever it spawns users."""


class ClassStats:
    """On the master: what the workers have counted since the judged part began."""

    def __init__(self, environment: Environment) -> None:
        self.stats = RequestStats()
        self._environment = environment
        self._classes: frozenset[str] = frozenset()

    def begin(self, classes: Collection[str]) -> None:
        """Let the workers count these user classes. To be called before users are spawned."""
        self.clear()
        self._classes = frozenset(classes)
        if self._environment.parsed_options is not None:
            setattr(self._environment.parsed_options, OPTION, sorted(classes))

    def clear(self) -> None:
        self.stats.clear_all()

    @listener
    def add(self, data: dict[str, Any], **_: object) -> None:
        """A worker's report."""
        for row in data.pop(CLASSES_KEY, ()):
            # Anybody may send reports: names that nobody asked for would fill the memory.
            if row["name"] in self._classes:
                entry = StatsEntry.unserialize(row, self.stats)
                self.stats.get(row["name"], "").extend(entry)

    def samples(self) -> dict[str, Sample]:
        return {name: to_sample(entry) for (name, _), entry in self.stats.entries.items()}


class ClassCounter:
    """On a worker."""

    def __init__(self, environment: Environment) -> None:
        self._stats = RequestStats()
        self._classes: frozenset[str] = frozenset()
        environment.events.test_start.add_listener(self._begin)
        environment.events.report_to_master.add_listener(self._report)

    @listener
    def _begin(self, environment: Environment, **_: object) -> None:
        wanted = frozenset(getattr(environment.parsed_options, OPTION, None) or ())
        request = environment.events.request
        if wanted and not self._classes:
            request.add_listener(self._count)
        elif self._classes and not wanted:
            request.remove_listener(self._count)
        self._classes = wanted
        self._stats.clear_all()

    @listener
    def _count(
        self, response_time: Any, response_length: int = 0, exception: Any = None, **_: object
    ) -> None:
        user = current_user()
        name = type(user).__name__
        if name not in self._classes:
            return
        entry = self._stats.get(name, "")
        entry.log(response_time, response_length or 0)
        if exception:
            entry.log_error(exception)

    @listener
    def _report(self, data: dict[str, Any], **_: object) -> None:
        if self._classes:
            data[CLASSES_KEY] = self._stats.serialize_stats()


def current_user() -> User | None:
    """The user whose greenlet, or a greenlet begun by it, is at work.

    Locust gives a user's greenlet the user as its argument (locust/user/users.py, `User.start`).
    """
    greenlet: Any = gevent.getcurrent()
    while greenlet is not None:
        arguments = getattr(greenlet, "args", None) or (None,)
        if isinstance(arguments[0], User):
            return arguments[0]
        spawner = getattr(greenlet, "spawning_greenlet", None)
        greenlet = spawner() if spawner else None
    return None
