"""Keeps other web sites away from the page.

Locust lets every site read every answer (Flask-CORS with its defaults). No browser sends cookies
with that, but where no login is asked (a local cluster), any site that its user visits could read
the results. A form of another site could start a test as well: that needs no such permission.
"""

from flask import Flask, request

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def protect(app: Flask) -> None:
    """Take Locust's permission back, and refuse changes that another site asks for.

    To be called before the user's file runs, whose own permissions for named sites then stay.
    """
    after = app.after_request_funcs.get(None, [])
    after[:] = [function for function in after if not function.__module__.startswith("flask_cors")]
    # Flask-CORS puts its own over these two methods, for answers that are errors.
    for covered in ("handle_exception", "handle_user_exception"):
        vars(app).pop(covered, None)
    app.before_request(_refuse_other_sites)


def _refuse_other_sites() -> tuple[str, int] | None:
    # Browsers send it to https and to loopback, that is wherever a cookie does not protect already.
    other = request.headers.get("Sec-Fetch-Site") == "cross-site"
    if other and request.method not in SAFE_METHODS:
        return "a page of another web site asked for this: refused", 403
    return None
