"""What is asked of `POST /cluster/runs/<id>/stop`. Pure."""

from locust_cluster.runs.request_fields import RequestError

MOST_CHARACTERS = 100


def parse_stop(body: object) -> str:
    """How a run is stopped, for its reason. Raises RequestError.

    `body` is what the request holds as JSON: nothing, or an object whose `by` names who stops it.
    """
    by = body.get("by") if isinstance(body, dict) else None
    if by is None:
        return "over the API"
    if not isinstance(by, str) or not by.isprintable() or not 0 < len(by) <= MOST_CHARACTERS:
        limit = f"a text of one line, of 1 to {MOST_CHARACTERS} characters"
        raise RequestError(f"'by' must be {limit}, got {by!r:.120}", "by")
    return f"by {by}"
