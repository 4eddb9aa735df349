"""Who asks moto for what: the names and condition keys that AWS gives a request, and whether policies let it pass."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from flask import g, request as http
from moto.iam.access_control import AssumedRoleAccessKey, IAMRequestBase, PermissionResult
from moto.iam.models import Policy
from moto.s3.models import s3_backends

import action_trace
from asked import Asked
from policies import ANONYMOUS, Request, evaluate, statements_of

VERDICTS = {
    "allow": PermissionResult.PERMITTED,
    "deny": PermissionResult.DENIED,
    "neutral": PermissionResult.NEUTRAL,
}


@dataclass(frozen=True)
class Caller:
    principals: frozenset[str] = frozenset({ANONYMOUS})
    context: dict[str, str] = field(default_factory=dict)
    policies: tuple[dict[str, Any], ...] = ()


def caller_of(signed: IAMRequestBase) -> Caller:
    key = signed._access_key
    account = signed.account_id
    names = {key.arn, account, f"arn:aws:iam::{account}:root"}
    context = {"aws:PrincipalArn": key.arn, "aws:PrincipalAccount": account}
    if isinstance(key, AssumedRoleAccessKey):
        role = key.backend.get_role(key._owner_role_name)
        names.add(role.arn)
        context |= {"aws:PrincipalArn": role.arn, "aws:userid": f"{role.id}:{key._session_name}"}
        if key._session_name.startswith("i-"):  # the session name of an instance's role is the instance's id
            context["ec2:SourceInstanceARN"] = f"arn:aws:ec2:{signed._region}:{account}:instance/{key._session_name}"
    else:
        context |= {"aws:username": key._owner_user_name}
    g.caller = Caller(frozenset(names), context, tuple(document(p) for p in key.collect_policies()))
    return g.caller  # type: ignore[no-any-return]


def document(policy: Any) -> dict[str, Any]:
    if isinstance(policy, Policy):
        text = next(version.document for version in policy.versions if version.is_default)
    else:
        text = policy if isinstance(policy, str) else policy["policy_document"]
    return json.loads(text)  # type: ignore[no-any-return]


def may(caller: Caller, asked: Asked, region: str) -> bool:
    """Within one account either policy, the caller's or the bucket's, may allow; both may deny."""
    context = {**caller.context, **context_of_the_request(), **asked.context, "aws:RequestedRegion": region}
    request = Request(asked.action, asked.resource, caller.principals, context)
    policies = [*caller.policies, bucket_policy(asked.resource)]
    verdicts = {evaluate(policy, request) for policy in policies}
    allowed = "allow" in verdicts and "deny" not in verdicts
    statements = [name for policy in policies for name in statements_of(policy, request)] if allowed else []
    action_trace.note(caller.context.get("aws:PrincipalArn", ANONYMOUS), asked, allowed=allowed, statements=statements)
    return allowed


def context_of_the_request() -> dict[str, str]:
    """`aws:SecureTransport` is the connection's own; a front's word for it counts on the Unix socket only."""
    return {"aws:SecureTransport": str(http.scheme == "https").lower()}


def bucket_policy(resource: str) -> dict[str, Any]:
    name = resource.removeprefix("arn:aws:s3:::").split("/")[0] if resource.startswith("arn:aws:s3:::") else ""
    owner = s3_backends.bucket_accounts.get(name)
    bucket = s3_backends[owner[1]][owner[0]].buckets.get(name) if owner else None
    return json.loads(bucket.policy) if bucket and bucket.policy else {"Statement": []}


def bucket_verdict(action: str, resource: str) -> PermissionResult:
    caller: Caller = g.get("caller", Caller())
    context = caller.context | context_of_the_request()
    return VERDICTS[evaluate(bucket_policy(resource), Request(action, resource, caller.principals, context))]
