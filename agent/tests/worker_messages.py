"""Messages as Locust's workers send them, for the tests to spoil."""

from typing import Any

import msgpack
from locust.stats import RequestStats

from locust_cluster.common.constants import REPORT_KEY
from locust_cluster.common.identity import Identity, to_report

CLIENT = "host_" + "0" * 32

IDENTITY = Identity(
    "worker-1", "worker", "i-1", "c7g.large", "host", "10.0.0.1", 1, 2, "a", "b", {}
)


def report(names: int = 1) -> dict[str, Any]:
    """A worker's report of some names, made by Locust itself."""
    stats = RequestStats()
    for number in range(names):
        for milliseconds in range(1, 60, 3):
            stats.log_request("GET", f"/page/{number}", milliseconds, 1000)
        stats.log_error("GET", f"/page/{number}", "HTTPError('500')")
    return {
        "stats": stats.serialize_stats(),
        "stats_total": stats.total.get_stripped_report(),
        "errors": stats.serialize_errors(),
        "user_classes_count": {"Shopper": 10},
        "user_count": 10,
        REPORT_KEY: to_report(IDENTITY),
        "of_the_test": {"anything": [1, None]},
    }


def leaving(**changes: object) -> dict[str, object]:
    told = {"cause": "spot", "ends": "2026-11-27T12:00:00.000Z"}
    return {**told, REPORT_KEY: to_report(IDENTITY), **changes}


def packed(kind: object, data: object, client: object = CLIENT) -> bytes:
    message: bytes = msgpack.packb((kind, data, client))
    return message


def frames(kind: object, data: object, client: str = CLIENT) -> list[bytes]:
    return [client.encode(), packed(kind, data, client)]


def heartbeat(**changes: object) -> dict[str, object]:
    beat = {"state": "ready", "current_cpu_usage": 12.5, "current_memory_usage": 60_000_000}
    return {**beat, **changes}


def ready_of(client_id: bytes) -> bytes:
    """READY of ZMTP 3, with which a worker's ZeroMQ says who it is."""
    body = b"\x05READY\x0bSocket-Type\0\0\0\x06DEALER"
    body += b"\x08Identity" + len(client_id).to_bytes(4) + client_id
    return bytes([4, len(body)]) + body
