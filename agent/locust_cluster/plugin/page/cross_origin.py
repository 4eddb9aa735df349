"""Keeps other web sites away from the page.

Locust lets every site read every answer (Flask-CORS with its defaults), and a form of another site
could start a test. Where no login is asked, a site could also make its own name resolve to the
master's address (DNS rebinding): for the browser, page and site are the same then.
"""

from collections.abc import Callable

from flask import Flask, request
from flask.typing import ResponseReturnValue

from locust_cluster.common.host_names import read_host, read_origin
from locust_cluster.plugin.page.api import api_error

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

Known = Callable[[str], bool]
"""Is this, in its normal spelling, a name of the master?"""


def protect(app: Flask, configured: frozenset[str], own: Known | None) -> None:
    """Take Locust's permission back, and refuse what another site asks for.

    `configured` are the names of `access.hostNames`, in their normal spelling. `own` knows the
    master's names: with it, as where no login is asked, no other name in `Host` is answered.

    To be called before the user's file runs.
    """
    after = app.after_request_funcs.get(None, [])
    after[:] = [function for function in after if not function.__module__.startswith("flask_cors")]
    # Flask-CORS puts its own over these two methods, for answers that are errors.
    for covered in ("handle_exception", "handle_user_exception"):
        vars(app).pop(covered, None)

    def refuse_other_sites() -> ResponseReturnValue | None:
        host = read_host(request.headers.get("Host", ""))
        if own and (host is None or not (host[0] in configured or own(host[0]))):
            return _unknown_host()
        if (origin := request.headers.get("Origin")) is not None:
            place = read_origin(origin)
            # A proxy may put another name into Host: the configured names are the page's as well.
            if place is None or not (place == host or place[0] in configured):
                return _other_site()
        # Sent to https and to loopback only, but with every request.
        crossing = request.headers.get("Sec-Fetch-Site") == "cross-site"
        return _other_site() if crossing and request.method not in SAFE_METHODS else None

    app.before_request(refuse_other_sites)


def _unknown_host() -> ResponseReturnValue:
    # The name is not repeated: whoever chose it would write into this answer.
    return api_error(
        403,
        "unknown_host",
        "this page asks for no login and answers to its own addresses only: "
        "add the name in the address to access.hostNames",
    )


def _other_site() -> ResponseReturnValue:
    return api_error(
        403,
        "other_site",
        "a page of another web site asked for this: "
        "if it is a name of this master, add it to access.hostNames",
    )
