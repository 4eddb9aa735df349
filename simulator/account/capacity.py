"""What AWS has no capacity for, and how much it grants: as much as anybody asks, unless a test says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.servicequotas.models import ServiceQuotasBackend

from moto_fixes import replace
from refusals.launches import zone_of

SPOT, ON_DEMAND = "spot", "on-demand"

# Service Quotas: vCPUs of running standard instances (A, C, D, H, I, M, R, T, Z) in a region.
QUOTAS = {"L-1216C47A": ON_DEMAND, "L-34B43A08": SPOT}


@dataclass(frozen=True)
class Lack:
    """None: of every zone, type or market."""

    zone: str | None = None
    instance_type: str | None = None
    market: str | None = None

    def meets(self, zone: str | None, instance_type: str, market: str) -> bool:
        of_this = {(self.zone, zone), (self.instance_type, instance_type), (self.market, market)}
        return all(own in (None, asked) for own, asked in of_this)


ENOUGH = 10_000
"""vCPUs: what somebody has been granted who never meets a quota."""


@dataclass
class Capacity:
    lacks: list[Lack] = field(default_factory=list)
    vcpus: dict[str, int] = field(default_factory=dict)
    """Granted, by market; ENOUGH where there is no number."""
    fleet_requests: bool = True
    """Granted: a group with a mixed instances policy makes them, and some new accounts may not."""
    ends_at_launch: str | None = None
    """`<code>: <message>` of the StateReason with which EC2 ends each new instance before it runs."""


capacity = Capacity()


def set_capacity(
    lacks: list[dict[str, str]],
    vcpus: dict[str, int],
    *,
    fleet_requests: bool = True,
    ends_at_launch: str | None = None,
) -> None:
    capacity.lacks = [Lack(each.get("zone"), each.get("instanceType"), each.get("market")) for each in lacks]
    capacity.vcpus = vcpus
    capacity.fleet_requests = fleet_requests
    capacity.ends_at_launch = ends_at_launch


@replace(EC2Backend, "run_instances")
def refuse_without_capacity(original: Any, self: Any, image_id: str, count: int, *args: Any, **kwargs: Any) -> Any:
    zone, instance_type = zone_of(self, kwargs), kwargs["instance_type"]
    market = SPOT if kwargs.get("instance_market_options") else ON_DEMAND
    granted = capacity.vcpus.get(market, ENOUGH)
    if used(self, market) + count * vcpus_of(instance_type) > granted:
        raise EC2ClientError(*beyond_quota(market, granted))
    if any(lack.meets(zone, instance_type, market) for lack in capacity.lacks):
        raise EC2ClientError("InsufficientInstanceCapacity", sentence(instance_type, zone, market))
    return original(self, image_id, count, *args, **kwargs)


def vcpus_of(instance_type: str) -> int:
    """0 of a type that there is not, which is refused for that."""
    return int(INSTANCE_TYPES.get(instance_type, {}).get("VCpuInfo", {}).get("DefaultVCpus", 0))


def used(backend: EC2Backend, market: str) -> int:
    up = [each for each in backend.all_instances() if each.state in ("pending", "running")]
    return sum(vcpus_of(each.instance_type) for each in up if (each.lifecycle or ON_DEMAND) == market)


def sentence(instance_type: str, zone: str | None, market: str) -> str:
    """As AWS writes it, as far as it is known (it goes on to name the zones that have capacity).

    Of spot: aws-parallelcluster and Databricks quote it, also as the answer to RunInstances.
    """
    if market == SPOT:
        return "There is no Spot capacity available that matches your request."
    return (
        f"We currently do not have sufficient {instance_type} capacity in the Availability Zone you requested ({zone})."
        " Our system will be working on provisioning additional capacity."
        f" You can currently get {instance_type} capacity by not specifying an Availability Zone in your request."
    )


def beyond_quota(market: str, granted: int) -> tuple[str, str]:
    """As quoted in spoptimize #15 and osparc-simcore #5408."""
    if market == SPOT:
        return "MaxSpotInstanceCountExceeded", "Max spot instance count exceeded"
    return "VcpuLimitExceeded", (
        f"You have requested more vCPU capacity than your current vCPU limit of {granted} allows for the instance"
        " bucket that the specified instance type belongs to. Please visit"
        " http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."
    )


@replace(ServiceQuotasBackend, "get_service_quota")
def granted_quota(original: Any, self: Any, service_code: str, quota_code: str) -> Any:
    if service_code != "ec2" or quota_code not in QUOTAS:
        return original(self, service_code, quota_code)
    granted = capacity.vcpus.get(QUOTAS[quota_code], ENOUGH)
    return {"ServiceCode": service_code, "QuotaCode": quota_code, "Value": float(granted)}
