"""One message of a worker: is it well-formed, and of a size that a master can bear? Pure."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

import msgpack
from locust.rpc import Message
from locust.rpc.protocol import decode
from locust.runners import (
    STATE_CLEANUP,
    STATE_INIT,
    STATE_RUNNING,
    STATE_SPAWNING,
    STATE_STOPPED,
    STATE_STOPPING,
)

from locust_cluster.common.constants import END_CAUSES, HELLO, IDENTITY, LEAVING, REPORT_KEY
from locust_cluster.common.iso_time import from_iso, iso
from locust_cluster.plugin.incoming import checks, element_limit
from locust_cluster.plugin.incoming.checks import BadMessageError
from locust_cluster.plugin.incoming.identity import check_identity
from locust_cluster.plugin.incoming.report import check_report, check_users

MOST_BYTES = 16 << 20
"""A report with three-digit rounding takes 600 bytes a name: 28,000 names."""

COUNTED_BYTES = 2 << 20
"""The objects of a longer message are counted before it is unpacked, which takes about as long as
to unpack it. A report of 2,000 names (1.2 MB) is shorter; the worst that is takes 200 MB."""

MOST_LOG_LINES = 1_000
"""Locust's workers keep 500 (locust/log.py)."""

REPORTS = ("stats", "exception")
"""Types with which a worker hands over what it has counted."""

_BEGINNINGS = tuple(b"\x93" + msgpack.packb(kind) for kind in REPORTS)
"""A list of three, the first of them the type: known also of a message that is not unpacked."""

CLIENT_ID = re.compile(r"\S{1,255}_[0-9a-f]{32}")
"""`<hostname>_<uuid>`, as Locust's workers make it (locust/runners.py, WorkerRunner)."""

WORKER_STATES = frozenset(
    {STATE_INIT, STATE_SPAWNING, STATE_RUNNING, STATE_CLEANUP, STATE_STOPPING, STATE_STOPPED}
)


def read_message(frames: Sequence[bytes], custom: Collection[str]) -> tuple[str, Message]:
    """The sender and its message. `custom` are the types that the test has registered.

    Raises BadMessageError.
    """
    if len(frames) != 2 or len(frames[1]) > MOST_BYTES:
        size = sum(map(len, frames[1:]))
        raise BadMessageError(f"a message has one part of up to {MOST_BYTES} bytes, got {size}")
    client_id = read_client_id(frames[0])
    try:
        if len(frames[1]) > COUNTED_BYTES:
            element_limit.refuse_too_many(frames[1])
        message = _unpack(frames[1])
    except BadMessageError:
        raise
    except Exception as error:
        # Whatever msgpack and Locust's decoder of dates raise: that is not said anywhere.
        raise BadMessageError(f"it cannot be unpacked: {type(error).__name__}") from error
    if type(message.type) is not str or message.node_id != client_id:
        raise BadMessageError("a message has a type, data, and the id of its sender")
    check = CHECKS.get(message.type)
    if check:
        check(message.data)
    elif message.type not in custom:
        raise checks.bad("the type of a message", "one that Locust or the test knows", message.type)
    if message.type == "logs" and message.data["worker_id"] != client_id:
        raise BadMessageError("logs must be the sender's own")
    return client_id, message


def read_client_id(frame: bytes) -> str:
    """Raises BadMessageError."""
    client_id = frame.decode("utf-8", "replace")
    if not CLIENT_ID.fullmatch(client_id) or not client_id.isprintable():
        raise checks.bad("the id of a worker", "<hostname>_<uuid>", frame)
    return client_id


def is_report_of(frames: Sequence[bytes], clients: Collection[str]) -> bool:
    """Does a message, good or not, hand over what one of these workers has counted?"""
    if len(frames) < 2 or not frames[1].startswith(_BEGINNINGS):
        return False
    return frames[0].decode("utf-8", "replace") in clients


def is_numbered(report: Sequence[bytes]) -> bool:
    """Has this report a number of its own? An exception has none."""
    return report[1].startswith(_BEGINNINGS[0])


def _unpack(frame: bytes) -> Message:
    """As Locust's `Message.unserialize`, but lists and objects may not claim any length.

    msgpack makes room for it at once.
    """
    limits = {"max_array_len": checks.MOST_ROWS, "max_map_len": checks.MOST_ROWS}
    unpacked = msgpack.unpackb(frame, raw=False, strict_map_key=False, object_hook=decode, **limits)
    return Message(*unpacked)


def _ready(data: object) -> None:
    # -1 is the version of a worker that does not want to tell it (locust/runners.py).
    if data != -1:
        checks.text(data, "the version of Locust", 40)


def _heartbeat(data: object) -> None:
    beat = checks.table(data, "a heartbeat")
    state = checks.field(beat, "state", "a heartbeat")
    if type(state) is not str or state not in WORKER_STATES:
        raise checks.bad("the state of a worker", f"one of {sorted(WORKER_STATES)}", state)
    checks.number(checks.field(beat, "current_cpu_usage", "a heartbeat"), "current_cpu_usage")
    checks.number(beat.get("current_memory_usage", 0), "current_memory_usage")


def _logs(data: object) -> None:
    logs = checks.table(data, "logs")
    checks.text(checks.field(logs, "worker_id", "logs"), "worker_id")
    lines = checks.rows(checks.field(logs, "logs", "logs"), "logs")
    if len(lines) > MOST_LOG_LINES:
        raise checks.bad("logs", f"a list of up to {MOST_LOG_LINES} lines", lines)
    for line in lines:
        checks.text(line, "a line of logs", checks.LONGEST_TEXT)


def _exception(data: object) -> None:
    exception = checks.table(data, "an exception")
    for name in ("msg", "traceback"):
        checks.text(checks.field(exception, name, "an exception"), name, checks.LONGEST_TEXT)


def _locustfile(data: object) -> None:
    request = checks.table(data, "a request for the locustfile")
    checks.text(checks.field(request, "version", "a request for the locustfile"), "version", 40)


def _hello(data: object) -> None:
    checks.text(data, "the id of a cluster", 40)


def _leaving(data: object) -> None:
    leaving = checks.table(data, "a leave")
    cause = checks.field(leaving, "cause", "a leave")
    if cause not in END_CAUSES:
        raise checks.bad("the cause of a leave", f"one of {', '.join(END_CAUSES)}", cause)
    ends = checks.field(leaving, "ends", "a leave")
    try:
        if ends is not None:
            iso(from_iso(ends))
    except (TypeError, ValueError):
        raise checks.bad("the end of a leave", "a time or null", ends) from None
    check_identity(checks.field(leaving, REPORT_KEY, "a leave"))


def _nothing(data: object) -> None:
    if data is not None:
        raise checks.bad("the data of this message", "empty", data)


CHECKS: dict[str, Callable[[Any], None]] = {
    "client_ready": _ready,
    "client_stopped": _nothing,
    HELLO: _hello,
    IDENTITY: check_identity,
    "exception": _exception,
    "heartbeat": _heartbeat,
    LEAVING: _leaving,
    "locustfile": _locustfile,
    "logs": _logs,
    "quit": _nothing,
    "spawning": _nothing,
    "spawning_complete": check_users,
    "stats": check_report,
}
"""All that `MasterRunner.handle_message` of Locust 2.47.0 knows.

Ours: admission.py, introductions.py, workers/leaving_workers.py.
"""
