"""Requests by user class, for runs with a threshold about one: workers count, the master adds up.

Locust's own statistics have names only. To count by class costs each request some microseconds, so
it is done during such runs only.
"""

from collections.abc import Collection
from typing import Any

from locust.env import Environment
from locust.stats import RequestStats, StatsEntry

from locust_cluster.common.constants import CLASSES_KEY
from locust_cluster.common.listener import listener
from locust_cluster.runs.figures import Sample
from locust_cluster.runs.locust_statistics import to_sample

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
