"""A zone in which AWS has no machine left (InsufficientInstanceCapacity)."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend

from moto_fixes import replace
from refusals.launches import zone_of

exhausted_zone: str | None = None


@replace(EC2Backend, "run_instances")
def refuse_without_capacity(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
    zone = zone_of(self, kwargs)
    if zone and zone == exhausted_zone:
        raise EC2ClientError("InsufficientInstanceCapacity", sentence(kwargs["instance_type"], zone))
    return original(self, *args, **kwargs)


def sentence(instance_type: str, zone: str) -> str:
    """As AWS writes it, as far as it is known (it goes on to name the zones that have capacity)."""
    return (
        f"We currently do not have sufficient {instance_type} capacity in the Availability Zone you requested ({zone})."
        " Our system will be working on provisioning additional capacity."
        f" You can currently get {instance_type} capacity by not specifying an Availability Zone in your request."
    )
