"""`python -m locust_cluster.service.agent`: the service beside Locust, which keeps the ledger.

Runs as root. What talks to the store is here and not in Locust: S3 can neither slow nor end a load
test.
"""

import json
import os
import sys
import threading
import time
from datetime import UTC, datetime
from functools import partial
from typing import Any

from locust_cluster.common.documents.node_record import NodeFailure
from locust_cluster.common.draining import Draining
from locust_cluster.common.identity import identify
from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.process_status import ProcessStatus, process_file, read_process_status
from locust_cluster.common.secret import read_secret
from locust_cluster.common.settings import ConfigurationError, Settings, read_settings
from locust_cluster.service.convergence import Convergence
from locust_cluster.service.departure import Departure
from locust_cluster.service.end_notices import EndNotices
from locust_cluster.service.groups import open_groups
from locust_cluster.service.journal import say
from locust_cluster.service.ledger import Notices, Observation, node_state, to_record
from locust_cluster.service.ledger_writer import LedgerWriter
from locust_cluster.service.page_health import page_trouble
from locust_cluster.service.refusal import Refusals
from locust_cluster.service.scaling import Scaling
from locust_cluster.service.store import Store, open_store
from locust_cluster.service.units import Units, run_command, unit_names
from locust_cluster.service.upload import Uploader

LOOK_EVERY_S = 1


class Agent:
    """Looks at its machine once a second."""

    def __init__(self, settings: Settings, units: Units, now: float) -> None:
        self._settings = settings
        self._units = units
        self._release = settings.release.resolve()
        manifest = read_manifest(self._release / "current.json")
        self._identity = identify(settings, manifest)
        https = settings.role == "master" and manifest.https
        self._certificate = read_secret(settings.secrets).certificate if https else None
        self.uploader: Uploader | None = None
        self.scaling: Scaling | None = None
        # A local cluster keeps its runs where they are, and its command changes the test.
        if settings.role == "master" and not settings.is_local:
            url = manifest.results_store or settings.store
            open_results = partial(open_store, url, settings.bucket_region)
            self.uploader = Uploader(settings.runs_dir, settings.state_dir, open_results)
            self.scaling = Scaling(
                self._release / "current.json", settings.run_dir, settings.state_dir, open_groups
            )
        self.notices: EndNotices | None = None
        if settings.fleet and settings.role == "worker" and not settings.is_local:
            self.notices = EndNotices(settings.state_dir)
        self._was_ready = False
        self._refusals = Refusals(settings.state_dir, settings.fleet)
        self._writer = LedgerWriter(
            settings.ledger,
            partial(_open, settings),
            now,
        )

    @property
    def draining(self) -> Draining | None:
        """Why this machine leaves the cluster for good; None while it stays."""
        return self.notices.draining if self.notices else None

    @property
    def is_outdated(self) -> bool:
        """True when `current` was switched: another agent belongs to it."""
        return self._settings.release.resolve() != self._release

    def look(self, now: float) -> None:
        """Observe, and write the ledger where that is due."""
        observation = self._observe(now)
        notices = Notices(self.draining, self.notices.rebalance if self.notices else None)
        state = node_state(observation, self._was_ready, self.draining is not None)
        self._was_ready = self._was_ready or state == "ready"
        refusal = self._refusals.last
        uploads = self.uploader.state if self.uploader else None
        scaling = self.scaling.state if self.scaling else {}
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        record = to_record(
            time,
            self._boot_record(),
            self._identity,
            observation,
            state,
            refusal,
            uploads,
            scaling,
            notices,
        )
        self._writer.write(record, now)

    def _observe(self, now: float) -> Observation:
        trouble = None
        if self._settings.role == "master":
            expected = 1
            trouble = page_trouble(self._settings, self._certificate)
            connected = int(trouble is None)
        else:
            expected = self._settings.processes
            states = [self._state(index) for index in range(1, expected + 1)]
            connected = states.count("connected")
        # systemctl costs 10 ms: it is asked only when something is wrong.
        is_asked = connected < expected and self.draining is None
        failure = self._units.failure(now) if is_asked else None
        return Observation(connected, expected, failure and self._in_its_words(failure), trouble)

    def _state(self, index: int) -> str | None:
        status = self._status(index)
        return status.state if status else None

    def _in_its_words(self, failure: NodeFailure) -> NodeFailure:
        """Use the sentence that the process left, where there is one."""
        for index in range(1, self._settings.processes + 1):
            status = self._status(index)
            if status and status.message:
                return {**failure, "message": status.message}
        return failure

    def _status(self, index: int) -> ProcessStatus | None:
        file = process_file(self._settings.run_dir, index)
        return read_process_status(file, time.monotonic())

    def _boot_record(self) -> dict[str, Any]:
        try:
            record = json.loads((self._settings.state_dir / "ledger.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}


def _open(settings: Settings) -> Store:
    return open_store(settings.store, settings.bucket_region)


def main() -> int:
    try:
        settings = read_settings(os.environ)
        names = unit_names(settings)
        agent = Agent(settings, Units(names), time.monotonic())
        opened = partial(_open, settings)
        convergence = Convergence(settings, names, opened, run_command, time.monotonic())
    except (ConfigurationError, OSError) as error:
        say(str(error))
        return 2
    departure = Departure(settings.run_dir, names, run_command)
    for beside in (agent.uploader, agent.scaling, agent.notices):
        if beside:
            threading.Thread(target=beside.run_forever, daemon=True).start()
    # systemd starts the next release's agent at once (Restart=always).
    while not agent.is_outdated:
        try:
            agent.look(time.monotonic())
            if agent.draining:
                departure.look(agent.draining, time.monotonic())
            elif not settings.is_local:
                convergence.look(time.monotonic())
        except Exception as error:
            # A full disk, a broken file: the ledger must go on when it is over.
            say(f"{type(error).__name__}: {error}")
        time.sleep(LOOK_EVERY_S)
    return 0


if __name__ == "__main__":
    sys.exit(main())
