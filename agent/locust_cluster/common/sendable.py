"""Texts that both Locust's messages and its page can carry."""


def sendable(text: str) -> str:
    """Half a surrogate pair, as in the name of a file that is not UTF-8, is written out."""
    return text.encode("utf-8", "backslashreplace").decode()
