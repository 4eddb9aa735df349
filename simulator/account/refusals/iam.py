"""What IAM's reference says in prose; characters and lengths of its names are in its model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from refusals.refusal import Refusal
from refusals.request import Call
from refusals.texts import Text, refused_texts

# User Guide, "IAM and AWS STS quotas": "IAM doesn't count white space when calculating the size of a policy".
TRUST_POLICY_LIMIT = 2048
INLINE_POLICIES_LIMIT = 10240
"""Of a role, all its inline policies together."""

TEXTS = (
    # User Guide, "Tags for AWS Identity and Access Management resources": aws:… is reserved, in any case.
    Text(
        "*.Tags.Key",
        r"(?si)(?!aws:).*",
        Refusal("InvalidInput", "Tag keys beginning with aws: are reserved: {value}"),
    ),
)


def refusals(call: Call) -> Iterator[Refusal]:
    values = call.values
    yield from refused_texts(call, TEXTS)
    keys = [tag.get("Key", "").lower() for tag in values.get("Tags", [])]
    if len(set(keys)) < len(keys):
        # User Guide, the same page: "You cannot have separate Department and department tag keys".
        message = "Duplicate tag keys call. Please note that Tag keys are case insensitive."
        yield Refusal("InvalidInput", message)
    trust = values.get("AssumeRolePolicyDocument") or (
        values.get("PolicyDocument", "") if call.operation.name == "UpdateAssumeRolePolicy" else ""
    )
    if size(trust) > TRUST_POLICY_LIMIT:
        yield Refusal("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {TRUST_POLICY_LIMIT}", 409)
    if call.operation.name == "PutRolePolicy":
        role, name = values["RoleName"], values["PolicyName"]
        if size(values["PolicyDocument"]) + others(role, name) > INLINE_POLICIES_LIMIT:
            yield Refusal(
                "LimitExceeded", f"Maximum policy size of {INLINE_POLICIES_LIMIT} bytes exceeded for role {role}", 409
            )


def others(role: str, policy: str) -> int:
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    return sum(
        size(text) for each in roles if each.name == role for name, text in each.policies.items() if name != policy
    )


def size(policy: str) -> int:
    return len(re.sub(r"\s", "", policy))
