"""What is asked of `POST /cluster/runs/<id>/stop`. Pure."""

from locust_cluster.common.documents.bodies import StopRequest
from locust_cluster.runs.request_body import one_line, read_body


def parse_stop(body: object) -> str:
    """How a run is stopped, for its reason. Raises RequestError.

    `body` is what the request holds as JSON: nothing, or an object whose `by` names who stops it.
    """
    by = read_body(StopRequest, body).by if isinstance(body, dict) else None
    return f"by {one_line(StopRequest, 'by', by)}" if isinstance(by, str) else "over the API"
