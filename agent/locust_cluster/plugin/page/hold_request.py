"""What is asked of `PUT /cluster/hold`. Pure."""

from locust_cluster.common.documents.bodies import HoldRequest
from locust_cluster.runs.request_body import one_line, read_body


def parse_hold(body: object) -> HoldRequest:
    """Who holds the runs back, and for how long. Raises RequestError."""
    asked = read_body(HoldRequest, body)
    return HoldRequest(one_line(HoldRequest, "reason", asked.reason).strip(), asked.seconds)
