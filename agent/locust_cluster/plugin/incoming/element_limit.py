"""How many objects a message becomes when it is unpacked, told from its bytes. Pure.

Its length says little: an empty list is a byte in the message and 80 in memory.
Format: https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from locust_cluster.plugin.incoming.checks import BadMessageError

MOST = 2_000_000
"""60,000 names that a worker has requested a few times since its last report: a row of 30."""

_FIXED = {
    **dict.fromkeys([0xCC, 0xD0], 1),
    **dict.fromkeys([0xCD, 0xD1, 0xD4], 2),
    0xD5: 3,
    **dict.fromkeys([0xCA, 0xCE, 0xD2], 4),
    0xD6: 5,
    **dict.fromkeys([0xCB, 0xCF, 0xD3], 8),
    **{0xD7: 9, 0xD8: 17},
    **{0xA0 + length: length for length in range(32)},
}
"""Bytes that follow the first one of an object of a fixed size."""

_SIZED = {
    **{0xC4: (1, 0), 0xC5: (2, 0), 0xC6: (4, 0)},
    **{0xC7: (1, 1), 0xC8: (2, 1), 0xC9: (4, 1)},
    **{0xD9: (1, 0), 0xDA: (2, 0), 0xDB: (4, 0)},
}
"""Objects that state their length: in so many bytes, and how many more bytes follow."""

_CONTAINERS = {0xDC: (2, 1), 0xDD: (4, 1), 0xDE: (2, 2), 0xDF: (4, 2)}
"""Lists and maps that state their length: in so many bytes, and how many objects an entry is."""

_STEPS = bytes(1 + _FIXED.get(code, 0) for code in range(256))
_IS_PLAIN = bytes(
    code not in _SIZED and code not in _CONTAINERS and not 0x80 <= code < 0xA0
    for code in range(256)
)


def refuse_too_many(message: bytes, most: int = MOST) -> None:
    """Raises BadMessageError, and IndexError for a message that ends too soon."""
    total, seen, position = 1, 0, 0
    while seen < total:
        seen += 1
        code = message[position]
        position += _STEPS[code]
        if _IS_PLAIN[code]:
            continue
        if code < 0x90:
            total += 2 * (code - 0x80)
        elif code < 0xA0:
            total += code - 0x90
        elif code in _SIZED:
            width, more = _SIZED[code]
            position += width + more + int.from_bytes(message[position : position + width])
        else:
            width, objects = _CONTAINERS[code]
            total += objects * int.from_bytes(message[position : position + width])
            position += width
        if total > most:
            raise BadMessageError(f"a message has {most} objects at most")
