"""What a run has counted so far: its recorder writes it, its readers get it as a document. Pure."""

from dataclasses import dataclass, field

from locust_cluster.common.documents import api


@dataclass
class RunFigures:
    """As the API shows them."""

    now: api.Now | None = None
    """The present load, as of the last row."""
    total: api.Figures | None = None
    requests: list[api.RequestFigures] = field(default_factory=list)
    fleets: dict[str, api.FleetFigures] | None = None
    """None in a cluster without fleets."""
    fleet_requests: dict[str, list[api.RequestFigures]] = field(default_factory=dict)
    exceptions: int = 0
    dropped_reports: int = 0
    """Of workers, since the judged part began: what they counted is lost."""
    last_dropped: str | None = None
    """Why, in one sentence."""

    def drop_report(self, reason: str) -> None:
        """A worker's report could not be taken: one sentence why."""
        self.dropped_reports += 1
        self.last_dropped = reason

    def forget_dropped_reports(self) -> None:
        """The statistics are reset."""
        self.dropped_reports, self.last_dropped = 0, None
