"""Which messages of workers are taken, one by one."""

import pytest
from bad_messages import ABSURD, GARBAGE, SPOILS, Spoil
from worker_messages import CLIENT, IDENTITY, frames, heartbeat, leaving, packed, report

from locust_cluster.common.constants import REPORT_KEY
from locust_cluster.common.identity import to_report
from locust_cluster.plugin.incoming.checks import BadMessageError
from locust_cluster.plugin.incoming.messages import CHECKS, MOST_BYTES, read_message

USERS = {"user_classes_count": {"Shopper": 10}, "user_count": 10}

GOOD: list[tuple[str, object]] = [
    ("client_ready", "2.47.0"),
    ("client_ready", -1),
    ("client_stopped", None),
    ("cluster_hello", "0123456789ab"),
    ("cluster_leaving", leaving()),
    ("cluster_leaving", leaving(cause="group", ends=None)),
    ("cluster_identity", to_report(IDENTITY)),
    ("exception", {"msg": "boom", "traceback": "File …"}),
    ("heartbeat", heartbeat()),
    ("heartbeat", {"state": "running", "current_cpu_usage": 0}),
    ("locustfile", {"version": "2.47.0"}),
    ("logs", {"worker_id": CLIENT, "logs": ["one", "two"]}),
    ("quit", None),
    ("spawning", None),
    ("spawning_complete", USERS),
    ("stats", report()),
    ("stats", {name: each for name, each in report(0).items() if name != REPORT_KEY}),
    ("of_the_test", object),
]


@pytest.mark.parametrize(("kind", "data"), GOOD, ids=lambda value: str(value)[:30])
def test_takes_what_workers_send(kind: str, data: object) -> None:
    data = {"any": "thing"} if data is object else data
    client, message = read_message(frames(kind, data), {"of_the_test"})
    assert (client, message.type, message.node_id) == (CLIENT, kind, CLIENT)
    assert message.data == data


def test_knows_every_type_that_locust_does() -> None:
    assert {kind for kind, _ in GOOD} - {"of_the_test"} == set(CHECKS)


def refused(parts: list[bytes]) -> str:
    with pytest.raises(BadMessageError) as caught:
        read_message(parts, ())
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300
    return str(caught.value)


@pytest.mark.parametrize(
    "parts", [*GARBAGE, [packed("quit", None), b"more"]], ids=lambda parts: repr(parts)[:40]
)
def test_drops_garbage(parts: list[bytes]) -> None:
    refused([CLIENT.encode(), *parts])


@pytest.mark.parametrize(
    "client", ["", "\0abcd", "a b_" + "0" * 32, "x", "_" + "0" * 32, "h" * 300 + "_" + "0" * 32]
)
def test_drops_a_sender_that_is_no_worker(client: str) -> None:
    assert "<hostname>_<uuid>" in refused(frames("quit", None, client))
    refused([b"\xff\xfe", packed("quit", None)])


def test_drops_what_would_fill_the_memory() -> None:
    assert "bytes" in refused([CLIENT.encode(), b"\x90" * (MOST_BYTES + 1)])


@pytest.mark.parametrize(("kind", "data"), ABSURD, ids=str)
def test_drops_absurd_fields(kind: str, data: object) -> None:
    refused(frames(kind, data))


@pytest.mark.parametrize("spoil", SPOILS)
def test_drops_a_report_with_one_absurd_field(spoil: Spoil) -> None:
    spoiled = report()
    spoil(spoiled)
    refused(frames("stats", spoiled))


def test_takes_the_report_of_another_agent() -> None:
    """While a push reaches the machines."""
    other = report()
    del other[REPORT_KEY]["pid"]
    other[REPORT_KEY]["of_a_later_agent"] = {"a": 1}
    read_message(frames("stats", other), ())
