"""Counts requests by user class on a worker, for thresholds about one (runs/class_stats.py)."""

from typing import Any

from locust.env import Environment
from locust.stats import RequestStats

from locust_cluster.common.constants import CLASSES_KEY
from locust_cluster.common.listener import listener
from locust_cluster.plugin.user_test.current_user import current_user
from locust_cluster.runs.class_stats import OPTION


class ClassCounter:
    """Of one worker."""

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
