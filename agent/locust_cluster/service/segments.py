"""How files that only grow are cut for the store: a long run is not copied as a whole again.

The first segment has the name of the file, as one that is not cut; those after it have a number
behind it. Each but the last has BYTES bytes. Joined in their order they are the file
(test-runs/sources/segments.ts).
"""

from collections.abc import Iterator

from locust_cluster.common.constants import SEGMENT_DIGITS, TIMELINE_FILE
from locust_cluster.common.plain_files import PlainFolder

BYTES = 128 * 1024
"""A day makes 32 objects of a small timeline, 800 of one of 100 MB."""

GROWING = frozenset({TIMELINE_FILE, "stats_history.csv", "master.log"})


def key(name: str, index: int) -> str:
    """`timeline.csv`, `timeline.csv.000001`, …"""
    return f"{name}.{index:0{SEGMENT_DIGITS}d}" if index else name


def read(folder: PlainFolder, name: str, first: int) -> Iterator[tuple[int, bytes]]:
    """Segments from `first` on, the last as far as it goes; a whole file in one. Raises OSError."""
    if name not in GROWING:
        yield 0, folder.read(name)
        return
    index = first
    while content := folder.read(name, index * BYTES, BYTES):
        yield index, content
        if len(content) < BYTES:
            return
        index += 1
    if index == 0:
        yield 0, b""
