"""Every place where moto (5.2) differs from AWS in a way that the product or its tests would notice, one fix each.

Rule: what moto lets pass and AWS refuses is refused here too, or else no test may lean on it.
"""

from __future__ import annotations

import ipaddress
import random
import time
from functools import wraps
from typing import Any

from flask import g, request as http
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces
from moto.ec2.models.instances import Instance
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses.instances import InstanceResponse
from moto.iam.access_control import IAMRequestBase, S3IAMRequest
from moto.s3.exceptions import BucketAccessDeniedError, S3AccessDeniedError
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from asked import Asked
from asks import all_asks, denied
from caller import bucket_verdict, caller_of, may

late_role_seconds = 0.0


def replace(owner: Any, name: str) -> Any:
    """Decorator: puts the function in the place of `owner.name` and hands it the original as first argument."""

    def decorate(fix: Any) -> Any:
        original = getattr(owner, name)
        setattr(owner, name, wraps(original)(lambda *args, **kwargs: fix(original, *args, **kwargs)))
        return fix

    return decorate


@replace(Instance, "__init__")
def groups_of_the_interface(original: Any, self: Instance, *args: Any, **kwargs: Any) -> None:
    """Groups given on the primary interface (which a fixed private address needs) belong to the instance."""
    original(self, *args, **kwargs)
    if not self.security_groups:
        self.security_groups = list(self.nics[0]._group_set)


@replace(Instance, "prep_nics")
def interfaces_end_with_the_instance(
    original: Any, self: Instance, nic_spec: list[dict[str, Any]], *args: Any, **kwargs: Any
) -> None:
    """An interface that was made with an instance goes with it, unless the request said otherwise."""
    original(self, nic_spec, *args, **kwargs)
    brought_or_kept = {
        nic["DeviceIndex"] for nic in nic_spec if "NetworkInterfaceId" in nic or nic.get("DeleteOnTermination") is False
    }
    for index, nic in self.nics.items():
        nic.delete_on_termination = index not in brought_or_kept


@replace(InstanceResponse, "_security_grp_instance_attribute_handler")
def shutdown_behavior(original: Any, self: InstanceResponse) -> bool:
    """ModifyInstanceAttribute with a shutdown behaviour sets it, and does not clear the groups."""
    behavior = self._get_param("InstanceInitiatedShutdownBehavior.Value")
    if behavior is None:
        return bool(original(self))
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    instance.instance_initiated_shutdown_behavior = behavior
    return True


@replace(Instance, "start")
def launch_time_of_a_start(original: Any, self: Instance) -> Any:
    """A started instance has a new launch time: whoever only looks now and then can tell that it was stopped."""
    self.launch_time = utcnow()
    return original(self)


@replace(Instance, "reboot")
def reason_of_a_reboot(original: Any, self: Instance) -> None:
    """A reboot shows in the API (StateTransitionReason), or the machine that plays the instance could not follow."""
    original(self)
    self._reason = f"User initiated reboot ({utcnow().isoformat()})"


public_addresses: set[str] = set()


def public_address() -> str:
    """Public addresses are unique ones of 127.0.0.0/8, so that nothing can ever send to a stranger; 127.0/16 and
    127.1/16 stay with the host (localhost, Debian's 127.0.1.1, resolved's 127.0.0.53)."""
    while True:
        address = f"127.{random.randint(2, 254)}.{random.randint(0, 254)}.{random.randint(1, 254)}"
        if address not in public_addresses:
            public_addresses.add(address)
            return address


elastic_ip_addresses.random_ip = public_address  # type: ignore[attr-defined]
elastic_network_interfaces.random_public_ip = public_address


@replace(Subnet, "get_available_subnet_ip")
def random_private_address(_original: Any, self: Subnet, instance: Instance) -> str:
    """Private addresses are any free ones of the subnet, not the first: a fixed one in a shared subnet may be gone."""
    free = [str(a) for a in usable(self) if str(a) not in self._subnet_ips]
    if not free:
        raise EC2ClientError("InsufficientFreeAddressesInSubnet", f"the subnet {self.id} has no free address")
    address = random.choice(free)
    self._subnet_ips[address] = instance
    return address


@replace(Subnet, "request_ip")
def fixed_private_address(original: Any, self: Subnet, ip: str, instance: Instance) -> None:
    """A fixed address must be one that AWS does not keep for itself, and free (moto answers 500)."""
    if ipaddress.ip_address(ip) not in usable(self):
        raise EC2ClientError("InvalidParameterValue", f"Address {ip} is not usable in the subnet {self.cidr}")
    if ip in self._subnet_ips:
        raise EC2ClientError("InvalidIPAddress.InUse", f"Address {ip} is in use.")
    original(self, ip, instance)


def usable(subnet: Subnet) -> list[ipaddress.IPv4Address]:
    return list(subnet.cidr)[4:-1]


def description(self: SecurityGroupRule) -> str | None:
    """The description of a rule for a group, which moto forgets, is that group's."""
    return (self.ip_range or self.source_group or {}).get("Description")


SecurityGroupRule.description = property(description)  # type: ignore[assignment, method-assign]


@replace(IAMRequestBase, "__init__")
def signed_as_sent(original: Any, self: IAMRequestBase, *args: Any, **kwargs: Any) -> None:
    """A signature covers path and query as they were sent; moto decodes them first and then finds it wrong."""
    original(self, *args, **(kwargs | {"path": http.environ["RAW_URI"]}))


@replace(IAMRequestBase, "check_action_permitted")
def evaluate_policies(_original: Any, self: IAMRequestBase, resource: str) -> None:
    """A request asks for all its actions, with resources (asked.py); conditions, policy variables and principals count
    (policies.py); of a bucket, its own policy too."""
    if isinstance(self, S3IAMRequest) and self._access_key.arn.split(":")[2] == "sts" and too_early(self._access_key):
        self._raise_access_denied()
    caller = caller_of(self)
    if self._action == "sts:GetCallerIdentity":
        return
    for asked in all_asks(self, resource):
        if not may(caller, asked, self._region):
            raise denied(self, asked)


first_use: dict[str, float] = {}


def too_early(access_key: Any) -> bool:
    """With --late-role-seconds S3 answers 403 to a role for that long after its first request, as to a fresh one."""
    begin = first_use.setdefault(access_key._owner_role_name, time.monotonic())
    return time.monotonic() - begin < late_role_seconds


@replace(ActionAuthenticatorMixin, "_authenticate_and_authorize_s3_action")
def authorize_s3(original: Any, self: S3Response, bucket_name: str | None = None, key_name: str | None = None) -> None:
    """S3's actions have IAM's names (moto: `s3:ListObjectsV2`), a request without a signature is refused (moto: 400),
    and a missing object is a 403 to those who may not list it, with its key as prefix (ceph #68577)."""
    refused = BucketAccessDeniedError(bucket=bucket_name) if bucket_name else S3AccessDeniedError()
    if "Authorization" not in http.headers:
        raise refused
    action = {"HeadBucket": "ListBucket"}.get(self.data["Action"], self.data["Action"])
    self._get_action = lambda: action  # type: ignore[method-assign]
    try:
        original(self, bucket_name=bucket_name, key_name=key_name)
    finally:
        del self._get_action
    listing = Asked("s3:ListBucket", f"arn:aws:s3:::{bucket_name}", {"s3:prefix": str(key_name)})
    missing = action == "GetObject" and not self.backend.get_object(bucket_name, key_name)
    if missing and not may(g.caller, listing, self.region):
        raise refused


@replace(FakeBucket, "get_permission")
def policy_of_the_bucket(_original: Any, _self: FakeBucket, action: str, resource: str) -> Any:
    """moto asks the bucket's policy on its own too, as `s3:HeadObject`, which does not exist."""
    return bucket_verdict(action.replace("HeadObject", "GetObject"), resource)
