"""What a master must not take: no messages, messages with absurd fields, and spoiled reports."""

import math
from collections.abc import Callable
from typing import Any

import msgpack
from worker_messages import CLIENT, heartbeat, leaving, packed

from locust_cluster.common.constants import NUMBER_KEY, REPORT_KEY

DEEP = b"\x91" * 2000 + b"\xc0"

GARBAGE = [
    [b"\x01"],
    [b""],
    [],
    [b"\xc1"],
    [DEEP],
    [b"\xdd\xff\xff\xff\xff"],
    [b"\xdf\xff\xff\xff\xff"],
    [packed("quit", None) + b"\x01"],
    [msgpack.packb(("quit", None))],
    [msgpack.packb(["quit", {"__datetime__": True}, CLIENT])],
    [msgpack.packb(["quit", {"__ObjectId__": True, "as_str": "x"}, CLIENT])],
    [msgpack.packb({"quit": 1, "a": 2, "b": 3})],
    [packed(5, None)],
    [packed(["quit"], None)],
    [packed("quit", None, "another_" + "0" * 32)],
    [packed("quit", None, None)],
    [packed("no such type", None)],
    [packed("heartbeat\x1b[2J", heartbeat())],
]


ABSURD: list[tuple[str, object]] = [
    ("client_ready", None),
    ("client_ready", {"version": 1}),
    ("client_ready", "2" * 41),
    ("client_stopped", {}),
    ("cluster_hello", None),
    ("cluster_identity", None),
    ("cluster_identity", {"node": "two\nlines"}),
    ("cluster_identity", {"index": -1}),
    ("cluster_hello", "x" * 41),
    ("cluster_leaving", None),
    ("cluster_leaving", {"cause": "spot", "ends": None}),
    ("cluster_leaving", leaving(cause="boredom")),
    ("cluster_leaving", leaving(cause=["spot"])),
    ("cluster_leaving", leaving(ends=12)),
    ("cluster_leaving", leaving(ends="soon")),
    ("cluster_leaving", leaving(ends="0001-01-01T00:00:00+23:59")),
    ("exception", None),
    ("exception", {"msg": 1, "traceback": ""}),
    ("exception", {"msg": ""}),
    ("heartbeat", None),
    ("heartbeat", {}),
    ("heartbeat", heartbeat(state="asleep")),
    ("heartbeat", heartbeat(state=["ready"])),
    ("heartbeat", heartbeat(current_cpu_usage="90")),
    ("heartbeat", heartbeat(current_cpu_usage=math.nan)),
    ("heartbeat", heartbeat(current_memory_usage=math.inf)),
    ("locustfile", None),
    ("locustfile", {"version": None}),
    ("logs", {"worker_id": "another", "logs": []}),
    ("logs", {"worker_id": CLIENT, "logs": "text"}),
    ("logs", {"worker_id": CLIENT, "logs": [1]}),
    ("logs", {"worker_id": CLIENT, "logs": ["x"] * 1001}),
    ("spawning_complete", None),
    ("spawning_complete", {"user_classes_count": 10, "user_count": 10}),
    ("spawning_complete", {"user_classes_count": {"A": "1"}, "user_count": 10}),
    ("spawning_complete", {"user_classes_count": {"A": -1}, "user_count": 10}),
    ("spawning_complete", {"user_classes_count": {1: 1}, "user_count": 10}),
    ("stats", None),
    ("stats", []),
]


Spoil = Callable[[dict[str, Any]], object]


def entry(**changes: object) -> Spoil:
    return lambda good: good["stats"][0].update(changes)


def error(**changes: object) -> Spoil:
    return lambda good: next(iter(good["errors"].values())).update(changes)


def node(**changes: object) -> Spoil:
    return lambda good: good[REPORT_KEY].update(changes)


def top(**changes: object) -> Spoil:
    return lambda good: good.update(changes)


SPOILS: list[Spoil] = [
    lambda good: good.pop("stats"),
    lambda good: good.pop("stats_total"),
    lambda good: good.pop("errors"),
    lambda good: good.pop("user_classes_count"),
    lambda good: good["stats"][0].pop("start_time"),
    lambda good: good["stats"].append(1),
    top(stats={}),
    top(stats=[None] * 100_001),
    top(stats_total=[]),
    top(errors=[]),
    top(errors={1: {}}),
    top(user_count=10**16),
    top(user_count=True),
    top(user_classes_count={"x" * 10_001: 1}),
    entry(name=5),
    entry(name="x" * 10_001),
    entry(method=None),
    entry(num_requests=-1),
    entry(num_requests=1.5),
    entry(num_failures=True),
    entry(total_response_time="1"),
    entry(max_response_time=math.inf),
    entry(min_response_time="1"),
    entry(start_time=None),
    entry(last_request_timestamp=math.nan),
    entry(response_times=[]),
    entry(response_times={"5": 1}),
    entry(response_times={5: "1"}),
    entry(response_times={5: -1}),
    entry(response_times={math.inf: 1}),
    entry(response_times=dict.fromkeys(range(100_001), 1)),
    entry(num_reqs_per_sec={None: 1}),
    entry(num_fail_per_sec=None),
    error(name=None),
    error(method=1),
    error(error=5),
    error(error="x" * ((1 << 20) + 1)),
    error(occurrences=None),
    error(first_seen="today"),
    node(node=5),
    node(node="x" * 301),
    node(node="worker\n::error::"),
    node(hostname=None),
    node(role="boss"),
    node(role=["worker"]),
    node(index=-1),
    node(processes=10**9),
    node(processes="2"),
    node(processes=0),
    node(index=0),
    node(pid=2**40),
    node(versions=[]),
    node(versions={"locust": 2}),
    node(versions={str(number): "" for number in range(21)}),
    top(**{NUMBER_KEY: "1"}),
    top(**{REPORT_KEY: "worker-1"}),
]
