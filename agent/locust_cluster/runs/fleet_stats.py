"""Figures per fleet: the master adds each report up once more, for the fleet of its process.

Locust's own statistics know no processes. A report is what was counted since the one before, so a
process that leaves takes nothing along, and one that is back counts nothing twice. A cluster
without fleets has no such figures, and nothing is done for them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from locust.env import Environment
from locust.stats import RequestStats, StatsEntry

from locust_cluster.common.documents import api
from locust_cluster.common.listener import listener
from locust_cluster.runs.figures import Sample, to_figures
from locust_cluster.runs.fleets_of_processes import FleetsOfProcesses
from locust_cluster.runs.locust_statistics import present, request_figures, row_to_sample, to_sample
from locust_cluster.runs.verdicts import Key

MOST_NAMES = 200
"""Of one fleet; the run itself has ten times as many."""

NAMES_BEYOND = ("", f"(all names beyond the first {MOST_NAMES})")


@dataclass
class _Counted:
    """Of one fleet, since the judged part began."""

    stats: RequestStats = field(default_factory=RequestStats)
    """All requests together."""
    names: dict[Key, Sample] = field(default_factory=dict)
    users_max: int = 0
    now: api.Now | None = None

    def add(self, report: Mapping[str, Any]) -> None:
        self.stats.total.extend(StatsEntry.unserialize(report["stats_total"], self.stats))
        for row in report["stats"]:
            key = (row["method"], row["name"])
            if key not in self.names and len(self.names) >= MOST_NAMES:
                key = NAMES_BEYOND
            self.names.setdefault(key, Sample()).add(row_to_sample(row))


class FleetStats:
    """Of one master."""

    def __init__(
        self, environment: Environment, read_regions: Callable[[], Mapping[str, str]]
    ) -> None:
        self.is_on = False
        self._environment = environment
        self._processes = FleetsOfProcesses(read_regions)
        self._counted: dict[str, _Counted] = {}
        self._histogram: dict[int, int] | None = None

    def begin(self, nodes: Iterable[api.Node]) -> None:
        """A test has started. `nodes` as GET /cluster/nodes shows them."""
        self._processes.begin(nodes)
        was_on, self.is_on = self.is_on, bool(self._processes.regions)
        if self.is_on and not was_on:
            # Locust's own comes before: it is there since the runner was made.
            self._environment.events.worker_report.add_listener(self._add)
        elif was_on and not self.is_on:
            self._environment.events.worker_report.remove_listener(self._add)
        self._histogram = None

    def look(self, clients: Mapping[str, Any], since: float) -> None:
        """Note the present load, to be called with each row. `clients` as Locust has them."""
        self._follow()
        self._processes.forget(clients)
        users: Counter[str] = Counter()
        for client_id, client in clients.items():
            if fleet := self._processes.get(client_id):
                users[fleet] += client.user_count
        for name in users:
            self._counted.setdefault(name, _Counted())
        for name, counted in self._counted.items():
            counted.now = present(counted.stats.total, users[name], since)
            counted.users_max = max(counted.users_max, users[name])

    def figures(self, measured_s: float) -> dict[str, api.FleetFigures]:
        self._follow()
        return {
            name: {
                "region": self._processes.regions.get(name, ""),
                "users_max": counted.users_max,
                "now": counted.now,
                "total": to_figures(to_sample(counted.stats.total), measured_s),
            }
            for name, counted in sorted(self._counted.items())
        }

    def requests(self, measured_s: float) -> dict[str, list[api.RequestFigures]]:
        self._follow()
        return {
            name: request_figures(counted.names, measured_s)
            for name, counted in sorted(self._counted.items())
        }

    def all(self) -> list[RequestStats]:
        """The statistics that grow with time."""
        return [counted.stats for counted in self._counted.values()]

    @listener
    def _add(self, client_id: str, data: dict[str, Any], **_: object) -> None:
        """A worker's report, which is in Locust's statistics by now."""
        self._follow()
        fleet = self._processes.note(client_id, data)
        self._counted.setdefault(fleet, _Counted()).add(data)

    def _follow(self) -> None:
        """Begin anew when Locust's own statistics have: so the fleets always add up to the run.

        Not by its events: they come before the reset, and `--reset-stats` or a test has none. Each
        reset makes a new dict.
        """
        histogram = self._environment.stats.total.response_times
        if self._histogram is not histogram:
            self._histogram = histogram
            self._counted = {}
