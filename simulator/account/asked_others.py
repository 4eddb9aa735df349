"""Actions of IAM, Systems Manager and all services that need no more than the action's name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from asked import Asked, pass_role

# Tags at creation need the permission to tag too (IAM User Guide, "Tagging IAM resources").
TAGGED = {"CreateInstanceProfile": "iam:TagInstanceProfile", "CreateRole": "iam:TagRole"}


def iam_asks(action: str, data: Mapping[str, Any]) -> Iterator[Asked]:
    profile, role = (data.get(name, [None])[0] for name in ("InstanceProfileName", "RoleName"))
    # AddRoleToInstanceProfile and its opposite name both, and are about the profile.
    kind, name = ("instance-profile", profile) if profile else ("role", role)
    if not name:
        yield Asked(f"iam:{action}")
        return
    resource = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:{kind}/{name}"
    yield Asked(f"iam:{action}", resource)
    if action in TAGGED and any(name.startswith("Tags.member.") for name in data):
        yield Asked(TAGGED[action], resource)
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    if action == "AddRoleToInstanceProfile":
        yield from (pass_role(each) for each in roles if each.name == role)


def ssm_asks(action: str, body: bytes, region: str) -> Iterator[Asked]:
    """AWS's public parameters belong to no account."""
    asked = json.loads(body or b"{}")
    names = [*asked.get("Names", []), *([asked["Name"]] if "Name" in asked else [])]
    for name in names:
        owner = "" if name.startswith("/aws/service/") else DEFAULT_ACCOUNT_ID
        yield Asked(f"ssm:{action}", f"arn:aws:ssm:{region}:{owner}:parameter/{name.lstrip('/')}")
    if not names:
        yield Asked(f"ssm:{action}")
