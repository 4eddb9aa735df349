"""Peering connections, where moto (5.2) differs from AWS in a way that shows."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection
from moto.ec2.models.vpcs import VPC

from moto_fixes import replace


@replace(EC2Backend, "create_vpc_peering_connection")
def between_different_blocks(original: Any, self: EC2Backend, vpc: VPC, peer: VPC, *rest: Any) -> VPCPeeringConnection:
    """One between VPCs with overlapping blocks fails (VPC Peering Guide, "VPC peering connection limitations")."""
    made: VPCPeeringConnection = original(self, vpc, peer, *rest)
    if ip_network(vpc.cidr_block).overlaps(ip_network(peer.cidr_block)):
        made._status.code = "failed"
        made._status.message = "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range"
    return made
