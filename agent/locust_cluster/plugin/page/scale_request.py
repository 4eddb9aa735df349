"""What is asked of `PUT /cluster/fleets/<name>`. Pure."""

from locust_cluster.common.documents.bodies import ScaleRequest
from locust_cluster.common.fleet import Fleet
from locust_cluster.runs.request_body import read_body
from locust_cluster.runs.request_error import RequestError, shown


def parse_scale(body: object, name: str, fleet: Fleet) -> int:
    """How many machines the fleet is to have. Raises RequestError."""
    machines = read_body(ScaleRequest, body).machines
    setting = f"fleets.{name}"
    if not fleet.size <= machines <= fleet.max:
        raise RequestError(
            f"'machines' must be from {fleet.size} ({setting}.size) to {fleet.max} ({setting}.max),"
            f" got {shown(str(machines))}",
            "machines",
        )
    if fleet.idle == 0:
        sentence = (
            f"fleet {name} keeps no machine without a run: {setting}.idle is 0 in cluster.yaml; "
            f"set it, or {setting}.size, and deploy"
        )
        raise RequestError(sentence, "machines")
    return machines
