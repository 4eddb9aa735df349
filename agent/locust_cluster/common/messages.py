"""What our parts in master and workers say to each other, beside Locust's own messages."""

HELLO = "cluster_hello"
"""Message of both; its data is the id of the sender's cluster."""

REPORT_NOW = "cluster_report_now"
"""Message of the master: it wants what was counted so far."""

TEST_ENDED = "cluster_test_ended"
"""Message of a worker: one of its users has ended the test."""

REPORT_KEY = "cluster_node"
"""Key on the report that Locust's workers send every 3 s: who the worker is."""

CLASSES_KEY = "cluster_classes"
"""Key on a report: what the worker has counted by user class."""

NUMBER_KEY = "cluster_report"
"""Key on a report: its number, from 1 on."""


def sendable(text: str) -> str:
    """Half a surrogate pair, as in the name of a file that is not UTF-8, is written out."""
    return text.encode("utf-8", "backslashreplace").decode()
