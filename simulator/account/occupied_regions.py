"""Which regions hold anything that the simulator plays: only these are worth a question twice a second."""

from __future__ import annotations

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import EC2Backend, ec2_backends


def occupied_regions() -> dict[str, dict[str, bool]]:
    """`{"us-east-1": {"peered": false}}`: regions with instances, and whether a peering connection there is active."""
    backends = ec2_backends[DEFAULT_ACCOUNT_ID].items()
    return {region: {"peered": is_peered(backend)} for region, backend in backends if has_instances(backend)}


def has_instances(backend: EC2Backend) -> bool:
    return any(instance.state != "terminated" for instance in backend.all_instances())


def is_peered(backend: EC2Backend) -> bool:
    return any(connection.status["Code"] == "active" for connection in backend.vpc_pcxs.values())
