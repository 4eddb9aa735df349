"""A master whose Locust starts nothing, with an agent service that is only its file."""

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from awaited_fleets import EU, manifest_of_fleets

from locust_cluster.common.documents.api import Node
from locust_cluster.common.fleet_supply import FleetSupply, Supply, read_supply, write_supply
from locust_cluster.common.identity import Identity
from locust_cluster.runs.active_run import ActiveRun
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.clock import RunClock
from locust_cluster.runs.connected_workers import ConnectedWorkers
from locust_cluster.runs.controller import Controller
from locust_cluster.runs.folder_sink import FolderSink
from locust_cluster.runs.hold import Hold
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_maker import RunMaker


class Clock(RunClock):
    """Of the run: it goes on when a test says so."""

    def __init__(self, begin: float) -> None:
        super().__init__(begin)
        self.seconds = 0.0

    def now(self) -> float:
        return super().now() + self.seconds


class IdleMaster:
    """The runs of a master whose Locust starts nothing, and of which a test is the service."""

    def __init__(self, folder: Path, workers: int = 0) -> None:
        self.folder = folder
        self.nodes: list[Node] = []
        self.started: list[RunRequest] = []
        self.fleets = {"eu": EU}
        self.archive = Archive(folder / "runs")
        self.clock = Clock(time.time())
        locust: Any = SimpleNamespace(
            start=self.started.append, start_error=lambda: None, restore_options=lambda: None
        )

        def activate(run: Run, folder: RunFolder) -> ActiveRun:
            sink = FolderSink(folder)
            recorder: Any = SimpleNamespace(
                sinks=[sink], save=lambda now: sink.write_run(run.to_document(now))
            )
            active = ActiveRun(run, folder, locust, recorder, cast(Any, None))
            active.clock = self.clock
            return active

        identity = Identity("master", "master", "i-1", "", "", "", 1, 1, "b", "", {})
        facts: Any = SimpleNamespace(
            complete=lambda request: request, load=SimpleNamespace(shape=None)
        )
        self.controller = Controller(
            locust,
            RunMaker(self.archive, "example", identity, facts),
            ConnectedWorkers(
                lambda: self.nodes,
                lambda: sum(len(node["processes"]) for node in self.nodes),
                lambda: manifest_of_fleets(workers, fleets=self.fleets),
                lambda: False,
                lambda: read_supply(folder / "fleets.json", time.monotonic()),
            ),
            Hold(),
            activate,
        )

    def start(self, **request: Any) -> Run:
        return self.controller.start(RunRequest(**{"fleets": {"eu": 2}, **request}))

    def answer(self, run: Run, started: int | None = None, **more: str) -> None:
        supply = Supply(run.id, {"eu": FleetSupply(started, **more)})
        write_supply(self.folder / "fleets.json", supply, time.monotonic())

    def on_disk(self, run: Run) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(
            (self.folder / "runs" / run.id / "run.json").read_text()
        )
        return document
