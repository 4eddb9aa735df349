"""Texts that both Locust's messages and its page can carry."""

import hashlib

LONGEST_ERROR = 4_000
"""Bytes: the beginning of an answer that a test puts into its error."""


def sendable(text: str) -> str:
    """Half a surrogate pair, as in the name of a file that is not UTF-8, is written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def cut(value: object, most: int, marked: bool = False) -> str:
    """A text of at most so many bytes of UTF-8, and a mark where something is left out.

    `marked` adds a hash of the whole to it, so that texts with the same beginning stay apart.
    """
    text = value if isinstance(value, str) else "" if value is None else str(value)
    if len(text) <= most and text.isascii():
        return text
    text = sendable(text)
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    which = f" {hashlib.sha256(encoded).hexdigest()[:8]}" if marked else ""
    return f"{encoded[:most].decode('utf-8', 'ignore')}… (cut{which})"
