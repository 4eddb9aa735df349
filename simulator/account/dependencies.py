"""What EC2 does not give away or delete while something else uses it, in AWS's own words."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

from moto_fixes import replace


@replace(EC2Backend, "_delete_security_group")
def group_in_use(original: Any, self: Any, vpc_id: str | None, group_id: str) -> Any:
    if any(group_id in (group.id for group in nic.group_set) for nic in self.enis.values()):
        raise dependency_violation(f"resource {group_id} has a dependent object")
    return original(self, vpc_id, group_id)


@replace(EC2Backend, "delete_subnet")
def subnet_in_use(original: Any, self: Any, subnet_id: str) -> Any:
    if any(nic.subnet.id == subnet_id for nic in self.enis.values()):
        raise dependency_violation(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return original(self, subnet_id)


@replace(EC2Backend, "detach_internet_gateway")
def gateway_in_use(original: Any, self: Any, internet_gateway_id: str, vpc_id: str) -> Any:
    if any(nic.vpc_id == vpc_id and nic.public_ip for nic in self.enis.values()):
        raise dependency_violation(
            f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before"
            " detaching the gateway."
        )
    return original(self, internet_gateway_id, vpc_id)


@replace(EC2Backend, "create_network_interface")
def interface_takes_its_address(
    original: Any, self: Any, subnet: Any, private_ip_address: Any, *args: Any, **kwargs: Any
) -> Any:
    """Of an interface that an instance brings, the instance has taken the address already."""
    if "device_index" in kwargs or isinstance(private_ip_address, list):
        return original(self, subnet, private_ip_address, *args, **kwargs)
    place = self.get_subnet(subnet) if isinstance(subnet, str) else subnet
    if private_ip_address:
        place.request_ip(private_ip_address, None)
    address = private_ip_address or place.get_available_subnet_ip(None)
    return original(self, place, address, *args, **kwargs)


@replace(ElasticNetworkInterfaces, "delete_network_interface")
def interface_in_use(original: Any, self: ElasticNetworkInterfaces) -> Any:
    nic = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
    if nic.instance:
        raise EC2ClientError("InvalidParameterValue", f"Network interface '{nic.id}' is currently in use.")
    answer = original(self)
    nic.subnet.del_subnet_ip(nic.private_ip_address)
    return answer


@replace(Instance, "terminate")
def interface_is_free_again(original: Any, self: Instance) -> Any:
    """An interface that outlives its instance can be deleted or attached again."""
    previous = original(self)
    for nic in self.nics.values():
        nic.instance = nic.attachment_id = nic.attach_time = None
        nic.status = "available"
    return previous


def dependency_violation(message: str) -> EC2ClientError:
    return EC2ClientError("DependencyViolation", message)
