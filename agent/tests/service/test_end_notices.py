"""The agent service asks the metadata service whether AWS wants its machine back."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from metadata_service import Metadata

from locust_cluster.common import metadata
from locust_cluster.common.draining import Draining, read_draining, write_draining
from locust_cluster.service import end_notices
from locust_cluster.service.end_notices import GROUP, REBALANCE, SPOT, EndNotices

NOW = 1_764_244_800.0
NOTICED = "2025-11-27T12:00:00.000Z"

NOTICE = '{"action": "terminate", "time": "2025-11-27T12:02:00Z"}'


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Metadata]:
    server = Metadata()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", address)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def notices(tmp_path: Path) -> EndNotices:
    return EndNotices(tmp_path)


def test_stays_while_there_is_no_notice(
    notices: EndNotices, service: Metadata, capfd: pytest.CaptureFixture[str]
) -> None:
    notices.look(NOW)
    assert (notices.draining, notices.rebalance) == (None, None)
    assert service.tokens == ["a-token"] * 3
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({SPOT: NOTICE}, Draining("spot", NOTICED, "2025-11-27T12:02:00.000Z")),
        ({SPOT: NOTICE.replace("terminate", "stop")}, "spot"),
        ({SPOT: NOTICE.replace("terminate", "hibernate")}, "spot"),
        ({SPOT: '{"action": "terminate", "time": "soon"}'}, Draining("spot", NOTICED)),
        ({GROUP: "Terminated"}, Draining("group", NOTICED)),
        ({GROUP: "Terminated", SPOT: NOTICE}, "spot"),
        # Nothing that says that the machine ends.
        ({GROUP: "Standby"}, None),
        ({SPOT: NOTICE.replace("terminate", "none")}, None),
        ({SPOT: "{"}, None),
        ({SPOT: "[1]"}, None),
        ({SPOT: '{"action": ["terminate"]}'}, None),
        ({SPOT: "<html>no</html>", GROUP: "\x00" * 9}, None),
    ],
    ids=str,
)
def test_leaves_on_a_notice_only(
    notices: EndNotices,
    service: Metadata,
    tmp_path: Path,
    told: dict[str, str],
    expected: Draining | str | None,
) -> None:
    service.told.update(told)
    notices.look(NOW)
    mark = read_draining(tmp_path)
    assert notices.draining == mark
    found = mark.cause if mark and isinstance(expected, str) else mark
    assert found == expected
    # The next service of this machine knows it without asking.
    assert EndNotices(tmp_path).draining == mark


def test_only_notes_a_recommendation(
    notices: EndNotices, service: Metadata, capfd: pytest.CaptureFixture[str]
) -> None:
    service.told[REBALANCE] = '{"noticeTime": "2025-11-27T11:59:00Z"}'
    notices.look(NOW)
    notices.look(NOW + 5)
    assert (notices.draining, notices.rebalance) == (None, "2025-11-27T11:59:00.000Z")
    assert capfd.readouterr().err.count("rebalance") == 1


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_an_error_is_no_notice(notices: EndNotices, service: Metadata, status: int) -> None:
    service.status = status
    service.told[GROUP] = "Terminated"
    notices.look(NOW)
    assert notices.draining is None


def test_a_failing_service_is_quiet_and_asked_again(
    notices: EndNotices,
    service: Metadata,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(metadata, "TIMEOUT_S", 0.2)
    service.delay_s = 0.6
    service.told[SPOT] = NOTICE
    begin = time.monotonic()
    notices.look(NOW)
    assert time.monotonic() - begin < 0.5
    service.delay_s, service.token = 0, "not\na token"
    notices.look(NOW)
    with monkeypatch.context() as dead:
        dead.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9")
        notices.look(NOW)
    assert notices.draining is None
    assert capfd.readouterr().err == ""
    service.token = "a-token"
    notices.look(NOW)
    assert notices.draining is not None


def test_asks_one_thing_at_a_time_and_stops_asking_once_it_knows(
    notices: EndNotices, service: Metadata, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(end_notices, "ASK_EVERY_S", 0.01)
    service.delay_s = 0.02
    asking = threading.Thread(target=notices.run_forever)
    asking.start()
    while len(service.tokens) < 7:
        time.sleep(0.01)
    service.told[SPOT] = NOTICE
    asking.join(timeout=10)
    assert not asking.is_alive()
    assert service.most == 1


def test_a_full_disk_does_not_end_the_asking(
    notices: EndNotices, service: Metadata, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(end_notices, "ASK_EVERY_S", 0.01)
    service.told[SPOT] = NOTICE
    tries = []

    def write_second(*arguments: Any) -> None:
        tries.append(arguments)
        # The service knows, whatever the disk: the ledger says so, and the units will stop.
        assert notices.draining == arguments[1]
        if len(tries) == 1:
            service.told.clear()
            raise OSError("no space left")
        write_draining(*arguments)

    monkeypatch.setattr(end_notices, "write_draining", write_second)
    notices.run_forever()
    assert len(tries) == 2
    assert read_draining(tmp_path) is not None
