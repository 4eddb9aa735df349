"""What is asked of `POST /cluster/runs/<id>/stop`. Pure."""

from locust_cluster.common.documents.bodies import StopRequest
from locust_cluster.runs.request_body import allowed_in, read_body
from locust_cluster.runs.request_error import wrong


def parse_stop(body: object) -> str:
    """How a run is stopped, for its reason. Raises RequestError.

    `body` is what the request holds as JSON: nothing, or an object whose `by` names who stops it.
    """
    by = read_body(StopRequest, body).by if isinstance(body, dict) else None
    if not isinstance(by, str):
        return "over the API"
    if not by.isprintable():
        raise wrong("by", allowed_in(StopRequest, "by"), by)
    return f"by {by}"
