"""How many objects a message may become, and what they cost."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import msgpack
import pytest
from worker_messages import CLIENT, frames, report

from locust_cluster.plugin.incoming.checks import BadMessageError
from locust_cluster.plugin.incoming.element_limit import MOST, refuse_too_many
from locust_cluster.plugin.incoming.messages import COUNTED_BYTES, MOST_BYTES, read_message

KIND = "of_the_test"
EXPENSIVE = {"lists": b"\x90", "objects": b"\x81\x00\xc0", "numbers": b"\xe5"}

EVERYTHING: list[Any] = [
    *(None, False, True, 0, 127, -1, -32, 1.5),
    *(2**bits - 1 for bits in (8, 16, 32, 64)),
    *(-(2**bits) for bits in (7, 15, 31, 63)),
    *("x" * size for size in (0, 1, 31, 32, 255, 256, 65_536)),
    *(b"\x90" * size for size in (0, 1, 255, 256, 65_536)),
    *(msgpack.ExtType(5, b"\x90" * size) for size in (0, 1, 2, 3, 4, 8, 16, 17, 256, 65_536)),
    *(list(range(size)) for size in (0, 1, 15, 16, 65_536)),
    *({key: [key] for key in range(size)} for size in (0, 1, 15, 16, 65_536)),
]


def objects(value: Any) -> int:
    if isinstance(value, list):
        return 1 + sum(map(objects, value))
    if isinstance(value, dict):
        return 1 + sum(1 + objects(each) for each in value.values())
    return 1


@pytest.mark.parametrize("value", [*EVERYTHING, EVERYTHING], ids=lambda value: repr(value)[:20])
def test_counts_as_many_as_are_packed(value: object) -> None:
    message = msgpack.packb([value, "end"])
    count = objects(value) + 2
    refuse_too_many(message, count)
    with pytest.raises(BadMessageError, match=f"has {count - 1} objects at most"):
        refuse_too_many(message, count - 1)


@pytest.mark.parametrize("message", [b"", b"\x91", b"\x92\xd9\x05ab"])
def test_sees_no_end_of_half_a_message(message: bytes) -> None:
    with pytest.raises(IndexError):
        refuse_too_many(message)


def of_bytes(unit: bytes, size: int) -> list[bytes]:
    """A message of the test: lists of 60,000 units, about as long as asked for."""
    rows = size // (len(unit) * 60_000)
    row = b"\xdc" + (60_000).to_bytes(2) + unit * 60_000
    data = b"\xdc" + rows.to_bytes(2) + row * rows
    return [CLIENT.encode(), b"\x93" + msgpack.packb(KIND) + data + msgpack.packb(CLIENT)]


def peak(action: Callable[[], object]) -> int:
    """MiB of memory taken."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1] >> 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("unit", EXPENSIVE.values(), ids=EXPENSIVE)
def test_the_worst_message_that_is_unpacked_takes_200_mb(unit: bytes) -> None:
    message = of_bytes(unit, COUNTED_BYTES)
    assert peak(lambda: read_message(message, {KIND})) < 200


def test_refuses_a_longer_one_before_it_is_unpacked() -> None:
    message = of_bytes(EXPENSIVE["lists"], MOST_BYTES)

    def refuse() -> None:
        with pytest.raises(BadMessageError, match=f"{MOST} objects at most"):
            read_message(message, {KIND})

    assert peak(refuse) < 2


def test_makes_no_room_for_what_a_list_only_claims() -> None:
    claims = [CLIENT.encode(), b"\xdd" + (2**20).to_bytes(4) + bytes(COUNTED_BYTES - 10)]

    def refuse() -> None:
        with pytest.raises(BadMessageError, match="unpacked"):
            read_message(claims, {KIND})

    assert peak(refuse) < 2


def test_the_report_of_2000_names_is_not_counted() -> None:
    assert len(frames("stats", report(2_000))[1]) < COUNTED_BYTES


def test_takes_a_report_that_is_counted() -> None:
    message = frames("stats", report(5_000))
    assert len(message[1]) > COUNTED_BYTES
    assert read_message(message, ())[1].type == "stats"
