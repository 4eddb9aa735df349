"""Workers that have said who they are and are about to come in (workers/introduction.py). Pure."""

from typing import Any

from locust_cluster.common.constants import REPORT_KEY
from locust_cluster.common.identity import Identity, from_report

MOST = 1_000
"""Of those that have not come in yet, which each does at once. Then the oldest is forgotten: the
first report of its worker says the same."""


class Introductions:
    """Of one master."""

    def __init__(self) -> None:
        self._identities: dict[str, Identity] = {}

    def add(self, client_id: str, data: dict[str, Any]) -> None:
        identity = from_report({REPORT_KEY: data})
        if identity is None:
            return
        self._identities.pop(client_id, None)
        if len(self._identities) >= MOST:
            del self._identities[next(iter(self._identities))]
        self._identities[client_id] = identity

    def take(self, client_id: str) -> Identity | None:
        """It comes in."""
        return self._identities.pop(client_id, None)
