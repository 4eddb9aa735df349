"""As much of ZMTP 3.0 as Locust's workers speak: a DEALER, no encryption, one part a message.

Specification: https://rfc.zeromq.org/spec/23/. Workers' ZeroMQ is newer, and speaks the version of
its peer. Pure: `Read` returns exactly so many bytes, or raises EOFError.
"""

from collections.abc import Callable

from locust_cluster.plugin.incoming.checks import BadMessageError

Read = Callable[[int], bytes]

MORE, LONG, COMMAND = 1, 2, 4
"""Flags of a frame."""

MOST_COMMAND = 1024
"""Bytes. READY with an id of 255 bytes takes 300."""

_NULL = b"NULL".ljust(20, b"\0")
_SIGNATURE = 10
"""Bytes."""

_VERSION = b"\x03\x00"
GREETING = b"\xff" + bytes(8) + b"\x7f" + _VERSION + _NULL + bytes(32)


def read_greeting(read: Read) -> None:
    """Raises BadMessageError."""
    begin = read(_SIGNATURE)  # another protocol's first words may be short
    is_signed = begin[0] == 0xFF and begin[-1] == 0x7F
    rest = read(len(GREETING) - _SIGNATURE) if is_signed else b""
    if not is_signed or rest[0] < _VERSION[0] or rest[2:22] != _NULL:
        raise BadMessageError("it does not begin with the greeting of ZMTP 3 without encryption")


def read_header(read: Read) -> tuple[int, int]:
    """The flags of the next frame and its size in bytes. Raises BadMessageError."""
    flags = read(1)[0]
    if flags > (MORE | LONG | COMMAND) or (flags & COMMAND and flags & MORE):
        raise BadMessageError("a frame has flags that ZMTP 3 does not know")
    return flags, int.from_bytes(read(8 if flags & LONG else 1))


def read_ready(read: Read) -> bytes:
    """The id that a worker gives itself in its first frame. Raises BadMessageError."""
    flags, size = read_header(read)
    if not flags & COMMAND or size > MOST_COMMAND:
        raise BadMessageError("the first frame is not READY")
    properties = _properties(read(size))
    if properties.get(b"socket-type") != b"DEALER":
        raise BadMessageError("the peer is no DEALER, as Locust's workers are")
    return properties.get(b"identity", b"")


def ready() -> bytes:
    """The master's READY."""
    body = b"\x05READY\x0bSocket-Type\0\0\0\x06ROUTER\x08Identity\0\0\0\0"
    return bytes([COMMAND, len(body)]) + body


def frame(body: bytes) -> bytes:
    """A message of one part."""
    size = len(body)
    if size < 256:
        return bytes([0, size]) + body
    return bytes([LONG]) + size.to_bytes(8) + body


def _properties(command: bytes) -> dict[bytes, bytes]:
    """Of READY: names are the same in small and capital letters."""
    if not command.startswith(b"\x05READY"):
        raise BadMessageError("the first frame is not READY")
    properties = {}
    position = 6
    while position < len(command):
        name_ends = position + 1 + command[position]
        begins = name_ends + 4
        ends = begins + int.from_bytes(command[name_ends:begins])
        properties[command[position + 1 : name_ends].lower()] = command[begins:ends]
        position = ends
    return properties
