"""What an account holds before anything is deployed, beyond what moto puts there."""

from __future__ import annotations

import json
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.utils import utcnow
from moto.ec2.models.amis import AMIS
from moto.iam.models import iam_backends
from moto.ssm.models import Parameter, ParameterDict

ADMINISTRATOR = "administrator"
DEBIAN_IMAGES = {"arm64": "ami-0deb1a13a64000001", "amd64": "ami-0deb1a13d64000001"}


def add_debian() -> None:
    """Debian 13's images in every region, and the public parameters with their ids (wiki.debian.org/Cloud)."""
    for debian_name, architecture in {"arm64": "arm64", "amd64": "x86_64"}.items():
        AMIS.append(
            {
                "ami_id": DEBIAN_IMAGES[debian_name],
                "name": f"debian-13-{debian_name}-20261101-2000",
                "description": "Debian 13 (20261101-2000)",
                "owner_id": "136693071363",
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
        )
    load = ParameterDict._check_loading_status

    def load_debian_too(self: Any, key: str) -> None:
        load(self, key)
        for debian_name, image in DEBIAN_IMAGES.items():
            name = f"/aws/service/debian/release/13/latest/{debian_name}"
            if key == name and not dict.__contains__(self, name):
                dict.__setitem__(self, name, [public_parameter(self.account_id, name, image)])

    ParameterDict._check_loading_status = load_debian_too  # type: ignore[method-assign]


def public_parameter(account_id: str, name: str, value: str) -> Parameter:
    return Parameter(account_id, name, value, "String", None, None, None, utcnow(), 1, "aws:ec2:image", tier="Standard")


def add_administrator() -> dict[str, str]:
    """The one who deploys; signatures and policies are checked from the first request on, for this user too."""
    iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    iam.create_user("us-east-1", ADMINISTRATOR)
    everything = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    iam.put_user_policy(ADMINISTRATOR, "everything", json.dumps(everything))
    key = iam.create_access_key(ADMINISTRATOR)
    return {"accessKeyId": key.access_key_id, "secretAccessKey": key.secret_access_key}
