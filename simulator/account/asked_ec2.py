"""EC2 actions with the resources that they create and name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import EC2Backend, ec2_backends

from asked import Asked, numbered, pass_role, roles_of_profile

PREFIXES = {
    "elastic-ip": "eipalloc-",
    "image": "ami-",
    "instance": "i-",
    "internet-gateway": "igw-",
    "launch-template": "lt-",
    "network-interface": "eni-",
    "route-table": "rtb-",
    "security-group": "sg-",
    "security-group-rule": "sgr-",
    "subnet": "subnet-",
    "volume": "vol-",
    "vpc": "vpc-",
    "vpc-endpoint": "vpce-",
    "vpc-peering-connection": "pcx-",
}

CREATED = {
    "AllocateAddress": ["elastic-ip"],
    "CreateInternetGateway": ["internet-gateway"],
    "CreateLaunchTemplate": ["launch-template"],
    "CreateNetworkInterface": ["network-interface"],
    "CreateRouteTable": ["route-table"],
    "CreateSecurityGroup": ["security-group"],
    "CreateSubnet": ["subnet"],
    "CreateVpc": ["vpc"],
    "CreateVpcEndpoint": ["vpc-endpoint"],
    "CreateVpcPeeringConnection": ["vpc-peering-connection"],
    "ImportKeyPair": ["key-pair"],
    "RunInstances": ["instance", "volume", "network-interface"],
}

# An action that is not here is asked for `*` only, as AWS does for nearly all that describe.
NAMED = {
    "AcceptVpcPeeringConnection": ["vpc-peering-connection"],
    "AssociateAddress": ["elastic-ip", "instance", "network-interface"],
    "AssociateIamInstanceProfile": ["instance"],
    "AssociateRouteTable": ["route-table", "subnet"],
    "AttachInternetGateway": ["internet-gateway", "vpc"],
    "AttachNetworkInterface": ["instance", "network-interface"],
    "AuthorizeSecurityGroupEgress": ["security-group"],
    "AuthorizeSecurityGroupIngress": ["security-group"],
    "CreateLaunchTemplateVersion": ["launch-template"],
    "CreateNetworkInterface": ["security-group", "subnet"],
    "CreateRoute": ["route-table"],
    "CreateRouteTable": ["vpc"],
    "CreateSecurityGroup": ["vpc"],
    "CreateSubnet": ["vpc"],
    "CreateVpcEndpoint": ["vpc", "route-table"],
    "CreateVpcPeeringConnection": ["vpc"],
    "DeleteInternetGateway": ["internet-gateway"],
    "DeleteKeyPair": ["key-pair"],
    "DeleteLaunchTemplate": ["launch-template"],
    "DeleteLaunchTemplateVersions": ["launch-template"],
    "DeleteNetworkInterface": ["network-interface"],
    "DeleteRoute": ["route-table"],
    "DeleteRouteTable": ["route-table"],
    "DeleteSecurityGroup": ["security-group"],
    "DeleteSubnet": ["subnet"],
    "DeleteVolume": ["volume"],
    "DeleteVpc": ["vpc"],
    "DeleteVpcEndpoints": ["vpc-endpoint"],
    "DeleteVpcPeeringConnection": ["vpc-peering-connection"],
    "DescribeInstanceAttribute": ["instance"],
    "DescribeVpcAttribute": ["vpc"],
    "DetachInternetGateway": ["internet-gateway", "vpc"],
    "DetachNetworkInterface": ["instance", "network-interface"],
    "DisassociateAddress": ["elastic-ip", "network-interface"],
    "DisassociateRouteTable": ["route-table", "subnet"],
    "ModifyInstanceAttribute": ["instance"],
    "ModifyInstanceMetadataOptions": ["instance"],
    "ModifyLaunchTemplate": ["launch-template"],
    "ModifyNetworkInterfaceAttribute": ["network-interface", "security-group"],
    "ModifySecurityGroupRules": ["security-group", "security-group-rule"],
    "ModifySubnetAttribute": ["subnet"],
    "ModifyVolume": ["volume"],
    "ModifyVpcAttribute": ["vpc"],
    "ModifyVpcEndpoint": ["vpc-endpoint", "route-table"],
    "RebootInstances": ["instance"],
    "ReleaseAddress": ["elastic-ip"],
    "ReplaceIamInstanceProfileAssociation": ["instance"],
    "ReplaceRoute": ["route-table"],
    "RevokeSecurityGroupEgress": ["security-group"],
    "RevokeSecurityGroupIngress": ["security-group"],
    "RunInstances": ["image", "key-pair", "launch-template", "network-interface", "security-group", "subnet"],
    "StartInstances": ["instance"],
    "StopInstances": ["instance"],
    "TerminateInstances": ["instance"],
    "CreateTags": [*PREFIXES, "key-pair"],
    "DeleteTags": [*PREFIXES, "key-pair"],
}


def ec2_asks(action: str, data: Mapping[str, Any], region: str) -> Iterator[Asked]:
    backend = ec2_backends[DEFAULT_ACCOUNT_ID][region]
    tagged = tag_specifications(data)
    own_tags = request_tags(tags_at(data, "Tag.")) if action in ("CreateTags", "DeleteTags") else {}
    created = {kind: arn(region, kind, "*") for kind in CREATED.get(action, [])}
    if action == "ImportKeyPair":
        created["key-pair"] = arn(region, "key-pair", data["KeyName"][0])
    if action.startswith("AuthorizeSecurityGroup") and "security-group-rule" in tagged:
        created["security-group-rule"] = arn(region, "security-group-rule", "*")
    named = list(named_resources(NAMED.get(action, []), data, backend))
    if action == "AcceptVpcPeeringConnection":
        named += accepters(named, backend)
    if "network-interface" in {kind for kind, _ in named} and action == "RunInstances":
        del created["network-interface"]

    for kind, resource in created.items():
        yield Asked(f"ec2:{action}", resource, request_tags(tagged.get(kind, {})))
    for kind, name in named:
        yield Asked(f"ec2:{action}", arn(region, kind, name), own_tags | resource_tags(backend, kind, name))
    if not created and not named:
        yield Asked(f"ec2:{action}")
    for kind, tags in tagged.items():
        yield Asked(
            "ec2:CreateTags",
            created.get(kind, arn(region, kind, "*")),
            request_tags(tags) | {"ec2:CreateAction": action},
        )
    for name in ("Name", "Arn"):
        for profile in data.get(f"IamInstanceProfile.{name}", []):
            yield from (pass_role(role) for role in roles_of_profile(profile))


def arn(region: str, kind: str, name: str) -> str:
    owner = "" if kind == "image" else DEFAULT_ACCOUNT_ID
    return f"arn:aws:ec2:{region}:{owner}:{kind}/{name}"


def named_resources(kinds: list[str], data: Mapping[str, Any], backend: EC2Backend) -> Iterator[tuple[str, str]]:
    """Ids say of what kind they are; key pairs have names, and associations stand for what they associate.

    Whoever asks for a peering connection needs nothing of the other VPC, which may be in another region.
    """
    beside = ("TagSpecification", "PeerVpcId")
    values = {value for name, given in data.items() if not name.startswith(beside) for value in given}
    values |= {end for value in values for end in ends_of_association(value, backend)}
    for kind in kinds:
        if kind == "key-pair":
            ids = set(numbered(data, "ResourceId."))
            yield from ((kind, pair.key_name) for pair in backend.key_pairs.values() if pair.id in ids)
            yield from ((kind, name) for name in data.get("KeyName", []))
        else:
            yield from ((kind, value) for value in sorted(values) if value.startswith(PREFIXES[kind]))


def accepters(connections: list[tuple[str, str]], backend: EC2Backend) -> list[tuple[str, str]]:
    """The VPCs that get the connections, which are in the region that is asked."""
    return [("vpc", backend.vpc_pcxs[name].peer_vpc.id) for _, name in connections if name in backend.vpc_pcxs]


def ends_of_association(value: str, backend: EC2Backend) -> list[str]:
    if value.startswith("rtbassoc-"):
        tables = [table for table in backend.route_tables.values() if value in table._associations]
        return [end for table in tables for end in (table.id, table._associations[value])]
    if value.startswith("eipassoc-"):
        found = [address for address in backend.addresses if address.association_id == value]
        return [end for address in found for end in (address.allocation_id, getattr(address.eni, "id", None)) if end]
    return []


def tag_specifications(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found = {}
    for name, (kind,) in data.items():
        if name.startswith("TagSpecification.") and name.endswith(".ResourceType"):
            found[kind] = tags_at(data, f"{name.removesuffix('ResourceType')}Tag.")
    return found


def tags_at(data: Mapping[str, Any], prefix: str) -> dict[str, str]:
    keys = {name: value[0] for name, value in data.items() if name.startswith(prefix) and name.endswith(".Key")}
    return {key: data.get(f"{name.removesuffix('Key')}Value", [""])[0] for name, key in keys.items()}


def request_tags(tags: Mapping[str, str]) -> dict[str, str]:
    return {f"aws:RequestTag/{key}": value for key, value in tags.items()}


def resource_tags(backend: EC2Backend, kind: str, name: str) -> dict[str, str]:
    identifier = backend.key_pairs[name].id if kind == "key-pair" and name in backend.key_pairs else name
    tags = backend.tags.get(identifier, {})
    return {f"{service}:ResourceTag/{key}": value for service in ("aws", "ec2") for key, value in tags.items()}
