"""What a request asks of IAM: actions, each with its resource and its condition keys.

As AWS's Service Authorization Reference has them (docs.aws.amazon.com/service-authorization/latest/reference). One
request may ask for several; all must be allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import Role, iam_backends

EC2_SERVICE = "ec2.amazonaws.com"


@dataclass(frozen=True)
class Asked:
    action: str
    resource: str = "*"
    context: Mapping[str, str] = field(default_factory=dict)


def pass_role(role: Role, service: str = EC2_SERVICE) -> Asked:
    """Whoever gives a role to a service needs permission for that: the service acts with it."""
    return Asked("iam:PassRole", role.arn, {"iam:PassedToService": service})


def roles_of_profile(name_or_arn: str) -> list[Role]:
    profiles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].instance_profiles.values()
    return [role for p in profiles if name_or_arn in (p.name, p.arn) for role in p.roles]


def numbered(data: Mapping[str, Any], prefix: str) -> list[str]:
    """Values of `<prefix>1`, `<prefix>2`, … of a query."""
    return [value[0] for name, value in data.items() if name.startswith(prefix) and name[len(prefix) :].isdigit()]
