"""Which fleet each worker process belongs to, by what its reports say. Pure."""

import logging
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from locust_cluster.common.constants import FIXED_WORKERS, REPORT_KEY
from locust_cluster.common.documents.api import Node
from locust_cluster.common.settings import ConfigurationError

FORGET_BEYOND = 100
"""Processes that have left."""

_NAME = re.compile("[a-z][a-z0-9-]{0,15}")
"""As in lib/model/config/fleets.ts, roughly."""

logger = logging.getLogger(__name__)


class FleetsOfProcesses:
    """`read_regions` tells the fleets of the manifest with their regions.

    It has none for a cluster without fleets, and may raise ConfigurationError.
    """

    def __init__(self, read_regions: Callable[[], Mapping[str, str]]) -> None:
        self._read_regions = read_regions
        self.regions: dict[str, str] = {}
        self._by_id: dict[str, str] = {}

    def begin(self, nodes: Iterable[Node]) -> None:
        """A test has started. `nodes` as GET /cluster/nodes shows them."""
        self.regions = self._read()
        self._by_id = {
            process["id"]: self._counted_as(node["fleet"])
            for node in nodes
            for process in node["processes"]
        }

    def note(self, client_id: str, report: Mapping[str, Any]) -> str:
        """The fleet of a process that reports."""
        identity = report.get(REPORT_KEY)
        if identity is None:  # a bare Locust
            fleet = self._by_id.get(client_id, FIXED_WORKERS)
        else:
            fleet = self._counted_as(identity.get("fleet", ""))
        self._by_id[client_id] = fleet
        return fleet

    def get(self, client_id: str) -> str | None:
        """None for one that has just connected: it has not said who it is, and has no users."""
        return self._by_id.get(client_id)

    def forget(self, clients: Collection[str]) -> None:
        """Those that left long ago; one that Locust forgets for the time of a `stop` comes back."""
        if len(self._by_id) > 2 * len(clients) + FORGET_BEYOND:
            self._by_id = {each: fleet for each, fleet in self._by_id.items() if each in clients}

    def _counted_as(self, name: str) -> str:
        if name not in self.regions and _NAME.fullmatch(name):
            # Of a deploy since the test began. Anybody may send: other names are not kept.
            fleets = self._read()
            if name in fleets:
                self.regions[name] = fleets[name]
        return name if name in self.regions else FIXED_WORKERS

    def _read(self) -> dict[str, str]:
        try:
            return dict(self._read_regions())
        except ConfigurationError as error:
            logger.warning("the fleets of the cluster are not known: %s", error)
            return {}
