"""The one user of a fresh account, who may do everything."""

from __future__ import annotations

import json

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

ADMINISTRATOR = "administrator"


def add_administrator() -> dict[str, str]:
    """The one who deploys; signatures and policies are checked from the first request on, for this user too."""
    iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    iam.create_user("us-east-1", ADMINISTRATOR)
    everything = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    iam.put_user_policy(ADMINISTRATOR, "everything", json.dumps(everything))
    key = iam.create_access_key(ADMINISTRATOR)
    return {"accessKeyId": key.access_key_id, "secretAccessKey": key.secret_access_key}
