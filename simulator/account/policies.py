"""IAM policies as AWS evaluates them: pure functions from a policy and a request to allow, deny or nothing.

moto's own evaluation takes unknown conditions as true, turns a condition that is not met into a denial, leaves
policy variables as they are and knows no principal but `*`. Reference: IAM User Guide, "Policy evaluation logic".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["allow", "deny", "neutral"]
ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Request:
    """What a caller wants: `principals` are all names under which a policy may know the caller."""

    action: str
    resource: str
    principals: frozenset[str] = frozenset({ANONYMOUS})
    context: Mapping[str, str] = field(default_factory=dict)


def evaluate(policy: Mapping[str, Any], request: Request) -> Verdict:
    """An explicit deny wins over every allow."""
    effects = {s["Effect"] for s in as_list(policy["Statement"]) if applies(s, request)}
    if "Deny" in effects:
        return "deny"
    return "allow" if "Allow" in effects else "neutral"


def statements_of(policy: Mapping[str, Any], request: Request) -> list[str]:
    """Ids of the statements that concern a request."""
    return [str(s.get("Sid", "")) for s in as_list(policy["Statement"]) if applies(s, request)]


def applies(statement: Mapping[str, Any], request: Request) -> bool:
    return (
        matches_element(statement, "Action", request.action, ignore_case=True)
        and matches_resource(statement, request)
        and matches_principal(statement, request)
        and all(
            meets(operator, key, as_list(expected), request.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, expected in keys.items()
        )
    )


def matches_element(statement: Mapping[str, Any], name: str, value: str, *, ignore_case: bool = False) -> bool:
    if f"Not{name}" in statement:
        return not any(like(p, value, ignore_case=ignore_case) for p in as_list(statement[f"Not{name}"]))
    return any(like(p, value, ignore_case=ignore_case) for p in as_list(statement[name]))


def matches_resource(statement: Mapping[str, Any], request: Request) -> bool:
    if "Resource" not in statement and "NotResource" not in statement:
        return True  # a trust policy
    name = "NotResource" if "NotResource" in statement else "Resource"
    patterns = [p for p in (expand(r, request.context) for r in as_list(statement[name])) if p is not None]
    return any(like(p, request.resource) for p in patterns) == (name == "Resource")


def matches_principal(statement: Mapping[str, Any], request: Request) -> bool:
    if "Principal" not in statement and "NotPrincipal" not in statement:
        return True  # an identity policy
    name = "NotPrincipal" if "NotPrincipal" in statement else "Principal"
    principal = statement[name]
    groups = principal.values() if isinstance(principal, Mapping) else [principal]
    wanted = {value for group in groups for value in as_list(group)}
    return ("*" in wanted or bool(wanted & request.principals)) == (name == "Principal")


def meets(operator: str, key: str, expected: list[str], context: Mapping[str, str]) -> bool:
    if not key.startswith(KNOWN_KEYS):
        raise NotImplementedError(f"the condition key {key}")
    actual = {name.lower(): value for name, value in context.items()}.get(key.lower())
    if operator == "Null":
        return (actual is None) == (expected[0].lower() == "true")
    if operator.endswith("IfExists") and actual is None:
        return True
    negative = "Not" in operator
    if actual is None:
        return negative
    test = TESTS[operator.removesuffix("IfExists").replace("Not", "")]
    wanted = [value for value in (expand(str(e), context) for e in expected) if value is not None]
    return any(test(value, actual) for value in wanted) != negative


def expand(text: str, context: Mapping[str, str]) -> str | None:
    """Policy variables such as `${aws:userid}`; None when the request has no such value, and then nothing matches."""
    values = {name.lower(): value for name, value in context.items()}
    names = re.findall(r"\$\{([^}]+)\}", text)
    if any(name.lower() not in values for name in names):
        return None
    return re.sub(r"\$\{([^}]+)\}", lambda match: values[match[1].lower()], text)


def like(pattern: str, value: str, *, ignore_case: bool = False) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL | (re.IGNORECASE if ignore_case else 0)) is not None


def as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, (str, Mapping)) else [value]


# A key that is not here is never given to a request: conditions on it could not be told from those that are not met.
KNOWN_KEYS = (
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:RequestTag/",
    "aws:RequestedRegion",
    "aws:ResourceTag/",
    "aws:SecureTransport",
    "aws:userid",
    "aws:username",
    "ec2:CreateAction",
    "ec2:ResourceTag/",
    "ec2:SourceInstanceARN",
    "iam:AWSServiceName",
    "iam:PassedToService",
    "kms:EncryptionContext:",
    "kms:ViaService",
    "s3:delimiter",
    "s3:prefix",
)
# An operator that is not here is an error of the emulator, never a condition that happens to hold.
TESTS = {
    "StringEquals": lambda expected, actual: expected == actual,
    "StringEqualsIgnoreCase": lambda expected, actual: expected.lower() == actual.lower(),
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
    "Bool": lambda expected, actual: expected.lower() == actual.lower(),
    "NumericLessThan": lambda expected, actual: float(actual) < float(expected),
    "NumericLessThanEquals": lambda expected, actual: float(actual) <= float(expected),
    "NumericEquals": lambda expected, actual: float(actual) == float(expected),
}
