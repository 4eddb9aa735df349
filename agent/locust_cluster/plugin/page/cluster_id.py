"""A program that means another local cluster is refused, and learns which one answers."""

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from locust_cluster.common.constants import CLUSTER_HEADER
from locust_cluster.plugin.page.api import api_error


def tell_cluster(app: Flask, cluster_id: str) -> None:
    """To be called before the user's file runs. A cluster without an id asks for none."""
    if not cluster_id:
        return

    def refuse_others() -> ResponseReturnValue | None:
        if request.headers.get(CLUSTER_HEADER, cluster_id) == cluster_id:
            return None
        # 421 Misdirected Request (RFC 9110, 15.5.20).
        return api_error(421, "other_cluster", "another local cluster answers on this port")

    def sign(response: Response) -> Response:
        response.headers[CLUSTER_HEADER] = cluster_id
        return response

    app.before_request(refuse_others)
    app.after_request(sign)
