"""What is known of a run when it is made, and stays. Pure."""

from dataclasses import dataclass
from typing import Literal

from locust_cluster.runs.request import RunRequest

Source = Literal["api", "page"]
"""Who began a run."""


@dataclass(frozen=True)
class RunFacts:
    """Facts of one run."""

    id: str
    source: Source
    created: float
    """Seconds since 1970."""
    request: RunRequest
    cluster: str
    bundle: str
    """Hash of the test."""
    versions: dict[str, str]
    shape: str | None = None
    """Name of the test's load shape."""
