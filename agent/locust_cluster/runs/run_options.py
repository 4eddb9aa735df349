"""Locust's options with the values of one run of the API, until it is over."""

from argparse import Namespace
from typing import Any


class RunOptions:
    """A test that is started in Locust's page afterwards has the values of before."""

    def __init__(self, options: Namespace | None) -> None:
        self._options = options
        self._before: dict[str, Any] = {}
        self._given: dict[str, Any] = {}

    def give(self, values: dict[str, Any]) -> None:
        self.restore()
        if self._options is None:
            return
        now = vars(self._options)
        self._before = {name: now[name] for name in values if name in now}
        self._given = values
        now.update(values)

    def restore(self) -> None:
        """What the page has changed meanwhile stays."""
        now = vars(self._options) if self._options is not None else {}
        for name, value in self._before.items():
            if now.get(name) == self._given[name]:
                now[name] = value
        self._before, self._given = {}, {}
