"""Instances that AWS refuses to start and moto starts, with AWS's own words: of RunInstances and of groups."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import regex
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES

from moto_fixes import replace
from refusals.ec2 import METADATA_KEY

USER_DATA_LIMIT = 16384


@replace(EC2Backend, "run_instances")
def refuse_impossible(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
    check(self, *args, **kwargs)
    return original(self, *args, **kwargs)


def check(backend: Any, image_id: str, count: int, user_data: Any, *_: Any, **request: Any) -> None:
    instance_type = request["instance_type"]
    if instance_type not in INSTANCE_TYPES:
        raise EC2ClientError("InvalidParameterValue", f"Invalid value '{instance_type}' for InstanceType.")
    refuse_architecture(instance_type, backend.describe_images(ami_ids=[image_id])[0].architecture)
    refuse_zone(instance_type, backend, zone_of(backend, request))
    if user_data and len(b64decode(user_data.as_bytes())) > USER_DATA_LIMIT:
        raise EC2ClientError("InvalidParameterValue", f"User data is limited to {USER_DATA_LIMIT} bytes")
    if (request.get("metadata_options") or {}).get("InstanceMetadataTags") == "enabled":
        refuse_tags((request.get("tags") or {}).get("instance", {}))


def refuse_architecture(instance_type: str, of_the_image: str) -> None:
    supported = INSTANCE_TYPES[instance_type]["ProcessorInfo"]["SupportedArchitectures"]
    if of_the_image not in supported:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"The architecture '{','.join(supported)}' of the specified instance type does not match the architecture"
            f" '{of_the_image}' of the specified AMI.",
        )


def refuse_zone(instance_type: str, backend: Any, zone: str | None) -> None:
    offers = INSTANCE_TYPE_OFFERINGS["availability-zone"][backend.region_name]
    if zone and zone not in {offer["Location"] for offer in offers if offer["InstanceType"] == instance_type}:
        raise EC2ClientError(
            "Unsupported",
            f"Your requested instance type ({instance_type}) is not supported in your requested Availability Zone"
            f" ({zone}).",
        )


def refuse_tags(tags: dict[str, str]) -> None:
    """Of an instance that shows them to its metadata service: a volume's may have any key."""
    for key in tags:
        if not regex.fullmatch(METADATA_KEY.allowed, key):
            code, message, _ = METADATA_KEY.refusal
            raise EC2ClientError(code, message.replace("{value}", key))


def zone_of(backend: Any, request: dict[str, Any]) -> str | None:
    subnets = [request.get("subnet_id"), *(nic.get("SubnetId") for nic in request.get("nics") or [])]
    subnet_id = next((subnet for subnet in subnets if subnet), None)
    return backend.get_subnet(subnet_id).availability_zone if subnet_id else None
