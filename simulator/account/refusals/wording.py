"""How AWS words what breaks a service's model: EC2 and S3 each in their own way, all others alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.core.parse import EC2QueryParser

from refusals.refusal import Refusal
from refusals.shapes import MISSING, Naming, Violation

EC2_NAMING = Naming(lambda shape, name: str(EC2QueryParser._get_serialized_name(None, shape, name)), "{}")
NAMING = Naming(lambda _, name: name[:1].lower() + name[1:], "{}.member")


def worded(service: str, protocol: str, broken: Sequence[Violation]) -> Refusal:
    if service == "ec2":
        return ec2(broken[0])
    if service == "s3":
        return s3(broken[0])
    return common(protocol, broken)


def common(protocol: str, broken: Sequence[Violation]) -> Refusal:
    """Of the services that AWS builds with one framework (IAM, STS, SSM, Auto Scaling, Service Quotas, KMS, …)."""
    plural = "s" if len(broken) > 1 else ""
    failures = "; ".join(
        f"Value{shown(violation)} at '{violation.path}' failed to satisfy constraint: {violation.constraint}"
        for violation in broken
    )
    return Refusal(
        "ValidationError" if protocol == "query" else "ValidationException",
        f"{len(broken)} validation error{plural} detected: {failures}",
    )


def shown(violation: Violation) -> str:
    if violation.value is MISSING:
        return " null"
    return "" if violation.shape.metadata.get("sensitive") else f" '{violation.value}'"


def ec2(violation: Violation) -> Refusal:
    """EC2 User Guide, "Error codes for the Amazon EC2 API"."""
    name, value = violation.path, violation.value
    if violation.kind == "missing":
        return Refusal("MissingParameter", f"The request must contain the parameter {name}")
    if violation.shape.name == "InstanceType":
        return Refusal("InvalidParameterValue", f"Invalid value '{value}' for InstanceType.")
    limits = violation.shape.metadata
    expected = f" Expecting a value between {limits.get('min')} and {limits.get('max')}." if has_limits(limits) else ""
    return Refusal("InvalidParameterValue", f"Value ({value}) for parameter {name} is invalid.{expected}")


def has_limits(limits: dict[str, Any]) -> bool:
    return "min" in limits and "max" in limits


def s3(violation: Violation) -> Refusal:
    """S3 API Reference, "Error responses"."""
    where = violation.shape.serialization.get("location")
    if where in ("header", "querystring"):
        code = "InvalidStorageClass" if violation.shape.name == "StorageClass" else "InvalidArgument"
        return Refusal(code, f"{violation.shape.serialization['name']} is invalid: {violation.constraint}")
    if violation.kind == "missing" and "." not in violation.path:
        return Refusal("MissingRequestBodyError", "Request Body is empty")
    return MALFORMED_XML


MALFORMED_XML = Refusal(
    "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema"
)


def malformed(protocol: str, reason: str) -> Refusal:
    if protocol == "rest-xml":
        return MALFORMED_XML
    if protocol == "ec2":
        return Refusal("InvalidParameterValue", reason)
    return Refusal("MalformedInput" if protocol == "query" else "SerializationException", reason)


def unknown_parameter(name: str) -> Refusal:
    return Refusal("UnknownParameter", f"The parameter {name} is not recognized")
