"""What is asked of `PUT /cluster/hold`. Pure."""

from locust_cluster.common.documents.bodies import HoldRequest
from locust_cluster.runs.request_body import allowed_in, read_body
from locust_cluster.runs.request_error import wrong


def parse_hold(body: object) -> HoldRequest:
    """Who holds the runs back, and for how long. Raises RequestError."""
    asked = read_body(HoldRequest, body)
    if not asked.reason.isprintable():
        raise wrong("reason", allowed_in(HoldRequest, "reason"), asked.reason)
    return HoldRequest(asked.reason.strip(), asked.seconds)
