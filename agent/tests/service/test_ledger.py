"""The ledger: states, when a record is written, and units that keep ending; all by themselves."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cluster import AGENT
from systemd import Systemd

from locust_cluster.common.documents.node_record import FleetCapacity, NodeFailure
from locust_cluster.common.draining import Draining
from locust_cluster.common.identity import Identity
from locust_cluster.service.ledger import Notices, Observation, node_state, stage, to_record
from locust_cluster.service.ledger_writer import LedgerWriter
from locust_cluster.service.refusal import Refusal
from locust_cluster.service.store import Store, StoreError
from locust_cluster.service.units import Units
from locust_cluster.service.upload import UploadState

SCHEMA = json.loads((AGENT.parent / "protocol" / "node-record.schema.json").read_text())

BROKEN = NodeFailure(step="locust-worker@1.service", exit_code=1, message="it is broken", log=[])


@pytest.mark.parametrize(
    ("connected", "failure", "was_ready", "expected"),
    [
        (0, None, False, "starting"),
        (1, None, False, "starting"),
        (2, None, False, "ready"),
        (1, None, True, "degraded"),
        (0, None, True, "degraded"),
        (0, BROKEN, False, "failed"),
        (1, BROKEN, True, "failed"),
        (2, BROKEN, True, "ready"),
    ],
)
def test_state_follows_the_processes(
    connected: int, failure: NodeFailure | None, was_ready: bool, expected: str
) -> None:
    assert node_state(Observation(connected, 2, failure), was_ready) == expected


def test_says_what_is_wrong_with_a_master() -> None:
    assert stage("master", Observation(1, 1)) == "page answers"
    assert (
        stage("master", Observation(0, 1, None, "page does not answer")) == "page does not answer"
    )


@pytest.mark.parametrize("uploads", [None, UploadState(("20261121-110432",), None, "t")])
@pytest.mark.parametrize("refusal", [None, Refusal("0" * 20, "it cannot be loaded", ["line"])])
@pytest.mark.parametrize("failure", [None, BROKEN])
def test_a_record_is_what_its_schema_says(
    failure: NodeFailure | None, refusal: Refusal | None, uploads: UploadState | None
) -> None:
    identity = Identity("master", "master", "i-1", "", "host", "10.0.0.4", 1, 1, "b", "e", {})
    observation = Observation(0, 1, failure)
    state = node_state(observation, was_ready=False)
    record = to_record("t", {}, identity, observation, state, refusal, uploads)
    jsonschema.validate(record, SCHEMA)


def test_a_machine_that_leaves_says_why_and_when() -> None:
    identity = Identity("eu-1", "worker", "i-1", "", "host", "10.0.0.4", 1, 2, "b", "e", {})
    noticed, ends = "2026-11-27T12:00:00.000Z", "2026-11-27T12:02:00.000Z"
    left = Observation(0, 2, BROKEN)
    state = node_state(left, was_ready=True, is_draining=True)
    notices = Notices(Draining("spot", noticed, ends), rebalance=noticed)
    record = to_record("t", {}, identity, left, state, notices=notices)
    jsonschema.validate(record, SCHEMA)
    assert (record["state"], record["failure"]) == ("draining", None)
    assert record["stage"] == f"AWS ends this machine at {ends} (spot notice)"
    assert record["draining"] == {"cause": "spot", "noticed": noticed, "ends": ends}
    assert record["rebalance"] == noticed
    stays = to_record("t", {}, identity, Observation(2, 2), "ready")
    assert not {"draining", "rebalance"} & stays.keys()


def test_a_master_tells_of_its_fleets_and_a_cluster_without_them_of_nothing() -> None:
    identity = Identity("master", "master", "i-1", "", "host", "10.0.0.4", 1, 1, "b", "e", {})
    scaling = {"eu": FleetCapacity(capacity=None, error="no")}
    record = to_record("t", {}, identity, Observation(1, 1), "ready", scaling=scaling)
    jsonschema.validate(record, SCHEMA)
    assert record["scaling"] == scaling
    assert "scaling" not in to_record("t", {}, identity, Observation(1, 1), "ready", scaling={})


def test_keeps_what_only_the_boot_knows() -> None:
    identity = Identity("eu-1", "worker", "i-1", "", "host", "10.0.0.4", 1, 1, "b", "e", {})
    boot = {"region": "eu-central-1", "fleet": "eu", "boot_started": "t", "name": "another"}
    record = to_record("t", boot, identity, Observation(1, 1), "ready")
    assert dict(record).items() >= {**boot, "name": "eu-1"}.items()


class Recorder:
    """A store that remembers, and can be out of reach."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.reachable = True

    def put(self, key: str, content: bytes) -> None:
        if not self.reachable:
            raise StoreError(f"cannot reach {key}")
        self.records.append(json.loads(content))

    def get(self, key: str) -> bytes:
        raise NotImplementedError

    def get_if_changed(self, key: str, tag: str | None) -> tuple[bytes, str] | None:
        raise NotImplementedError

    def download(self, key: str, file: Path) -> None:
        raise NotImplementedError


def writer(store: Store) -> LedgerWriter:
    return LedgerWriter("nodes/i-1.json", lambda: store, 0)


def test_writes_on_every_change_and_else_once_a_minute() -> None:
    store = Recorder()
    ledger = writer(store)
    written = [ledger.write({"state": "starting", "time": "t"}, now) for now in range(61)]
    assert [now for now, done in enumerate(written) if done] == [0, 60]
    assert ledger.write({"state": "ready", "time": "t"}, 60.5)
    assert [record["state"] for record in store.records] == ["starting", "starting", "ready"]


def test_what_changes_at_every_moment_goes_along_and_is_no_change() -> None:
    store = Recorder()
    ledger = writer(store)
    for now in range(61):
        ledger.write({"state": "ready", "time": str(now), "uploaded": f"u{now}"}, now)
    assert store.records == [
        {"state": "ready", "time": "0", "uploaded": "u0"},
        {"state": "ready", "time": "60", "uploaded": "u60"},
    ]


def test_backs_off_from_an_unreachable_store_and_writes_the_newest_when_it_is_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    store = Recorder()
    ledger = writer(store)
    store.reachable = False
    for now in range(0, 100):
        ledger.write({"state": "starting", "n": now, "time": "t"}, now)
    # Tries at 0, 5, 15, 35 and 75 s.
    assert capsys.readouterr().err.count("cannot reach nodes/i-1.json") == 5
    store.reachable = True
    for now in range(100, 140):
        ledger.write({"state": "ready", "time": "t"}, now)
    assert [record["state"] for record in store.records] == ["ready"]


def test_a_unit_that_keeps_ending_is_a_failure() -> None:
    systemd = Systemd()
    names = ["locust-worker@1.service", "locust-worker@2.service"]
    units = Units(names, systemd.run)
    systemd.status = 1
    for second in range(0, 9, 4):
        assert units.failure(second) is None
        systemd.restarts += 1
    systemd.status = 0  # as while the next attempt runs
    failure = units.failure(12)
    assert failure == NodeFailure(
        step="locust-worker@1.service",
        exit_code=1,
        message="locust-worker@1.service keeps ending: ValueError: broken",
        log=["Traceback", "ValueError: broken"],
    )
    assert units.failure(200) is None


def test_a_unit_whose_master_went_away_is_no_failure() -> None:
    systemd = Systemd()
    units = Units(["locust-worker@1.service"], systemd.run)
    for second in range(0, 50, 4):
        assert units.failure(second) is None
        systemd.restarts += 1
