"""Debian 13's images, and the public parameters with their ids (wiki.debian.org/Cloud): others in every region."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models.amis import Ami, AmiBackend
from moto.ssm.models import Parameter, ParameterDict

from moto_fixes import replace

ARCHITECTURES = {"arm64": "arm64", "amd64": "x86_64"}
"""By Debian's names."""

OF_US_EAST_1 = {"arm64": "ami-0deb1a13a64000001", "amd64": "ami-0deb1a13d64000001"}


def image_id(region: str, debian_name: str) -> str:
    if region == "us-east-1":
        return OF_US_EAST_1[debian_name]
    return f"ami-0deb{sha256(f'{region} {debian_name}'.encode()).hexdigest()[:13]}"


@replace(AmiBackend, "_load_amis")
def load_images(original: Any, self: Any) -> None:
    original(self)
    for debian_name, architecture in ARCHITECTURES.items():
        image = image_id(self.region_name, debian_name)
        self.amis[image] = Ami(self, **description(image, debian_name, architecture))


def description(image: str, debian_name: str, architecture: str) -> dict[str, Any]:
    return {
        "ami_id": image,
        "name": f"debian-13-{debian_name}-20261101-2000",
        "description": "Debian 13 (20261101-2000)",
        "owner_id": "136693071363",
        "owner_alias": "amazon",
        "public": True,
        "virtualization_type": "hvm",
        "architecture": architecture,
        "state": "available",
        "platform": None,
        "image_type": "machine",
        "image_location": f"amazon/debian-13-{debian_name}-20261101-2000",
        "hypervisor": "xen",
        "root_device_name": "/dev/xvda",
        "root_device_type": "ebs",
        "sriov": "simple",
    }


@replace(ParameterDict, "_check_loading_status")
def load_parameter(original: Any, self: ParameterDict, key: str) -> None:
    original(self, key)
    for debian_name in ARCHITECTURES:
        name = f"/aws/service/debian/release/13/latest/{debian_name}"
        if key == name and not dict.__contains__(self, name):
            image = image_id(self.region_name, debian_name)
            dict.__setitem__(self, name, [public_parameter(self.account_id, name, image)])


def public_parameter(account_id: str, name: str, value: str) -> Parameter:
    return Parameter(account_id, name, value, "String", None, None, None, utcnow(), 1, "aws:ec2:image", tier="Standard")
