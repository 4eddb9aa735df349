"""Workers that have said who they are and are about to come in (workers/introduction.py). Pure."""

from typing import Any

from locust_cluster.common.constants import REPORT_KEY
from locust_cluster.common.identity import Identity, from_report

MOST = 10_000
"""Of those that have not come in yet."""


class Introductions:
    """Of one master."""

    def __init__(self) -> None:
        self._identities: dict[str, Identity] = {}

    def add(self, client_id: str, data: dict[str, Any]) -> None:
        identity = from_report({REPORT_KEY: data})
        if identity and (client_id in self._identities or len(self._identities) < MOST):
            self._identities[client_id] = identity

    def take(self, client_id: str) -> Identity | None:
        """It comes in."""
        return self._identities.pop(client_id, None)
