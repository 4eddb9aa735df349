"""The role credentials that EC2 hands to an instance through its metadata service."""

from __future__ import annotations

import json

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance
from moto.iam.models import Role
from moto.sts.models import sts_backends

from policies import Request, evaluate

DURATION_SECONDS = 6 * 3600


def instance_credentials(instance_id: str) -> dict[str, str] | None:
    """As `iam/security-credentials/<role>` answers, with the role's name besides; None without a role to assume."""
    found = find_instance(instance_id)
    role = found and role_of(found[1])
    if not found or not role or not trusts_ec2(role):
        return None
    session = sts_backends[DEFAULT_ACCOUNT_ID]["aws"].assume_role(
        region_name=found[0],
        role_session_name=instance_id,
        role_arn=role.arn,
        policy="",
        duration=DURATION_SECONDS,
        external_id="",
    )
    return {
        "Role": role.name,
        "Code": "Success",
        "LastUpdated": role.create_date.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Type": "AWS-HMAC",
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key,
        "Token": session.session_token,
        "Expiration": session.expiration.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def find_instance(instance_id: str) -> tuple[str, Instance] | None:
    for region, backend in ec2_backends[DEFAULT_ACCOUNT_ID].items():
        for instance in backend.all_instances():
            if instance.id == instance_id:
                return region, instance
    return None


def role_of(instance: Instance) -> Role | None:
    associations = instance.ec2_backend.iam_instance_profile_associations.values()
    profile = next((a.iam_instance_profile for a in associations if a.instance.id == instance.id), None)
    return profile.roles[0] if profile and profile.roles else None


def trusts_ec2(role: Role) -> bool:
    trust = json.loads(role.assume_role_policy_document)
    asked = Request("sts:AssumeRole", role.arn, frozenset({"ec2.amazonaws.com"}))
    return evaluate(trust, asked) == "allow"
