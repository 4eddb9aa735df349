"""What EC2's reference says of names and texts in prose; its model has hardly a constraint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends

from refusals.refusal import Refusal
from refusals.request import Call
from refusals.texts import Text, refused_texts

MOST_TAGS = 50

GROUP_CHARACTERS = r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]"
SET = "Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"


def invalid(message: str) -> Refusal:
    return Refusal("InvalidParameterValue", message)


TEXTS = (
    # API Reference, CreateSecurityGroup: "a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*", up to 255; not sg-….
    Text(
        "CreateSecurityGroup.GroupName",
        r"(?!sg-).*",
        invalid("Value ({value}) for parameter groupName is invalid. Group names may not be in the format sg-*."),
    ),
    Text(
        "CreateSecurityGroup.GroupName",
        GROUP_CHARACTERS + "{1,255}",
        invalid("Value ({value}) for parameter groupName is invalid."),
    ),
    Text(
        "CreateSecurityGroup.Description",
        GROUP_CHARACTERS + "{1,255}",
        invalid(f"Invalid security group description. {SET}"),
    ),
    # API Reference, IpRange, PrefixListId, UserIdGroupPair, SecurityGroupRuleRequest: the same characters, up to 255.
    Text("*.IpPermissions.*.Description", GROUP_CHARACTERS + "{0,255}", invalid(f"Invalid rule description. {SET}")),
    Text(
        "*.SecurityGroupRules.*.Description",
        GROUP_CHARACTERS + "{0,255}",
        invalid(f"Invalid rule description. {SET}"),
    ),
    # API Reference, ImportKeyPair; User Guide, "Create a key pair": up to 255 ASCII characters, no space at its ends.
    Text(
        "*KeyPair.KeyName",
        r"(?! )[\x20-\x7E]{1,255}(?<! )",
        invalid("Value ({value}) for parameter KeyName is invalid."),
    ),
    # User Guide, "Tag your Amazon EC2 resources": keys 1 to 128 characters, values up to 256, no aws:… in any case.
    Text("*Tags.Key", r"(?s).+", invalid("Tag key cannot be empty")),
    Text("*Tags.Key", r"(?s).{0,128}", invalid("Tag key exceeds the maximum length of 128 characters")),
    Text("*Tags.Value", r"(?s).{0,256}", invalid("Tag value exceeds the maximum length of 256 characters")),
    Text(
        "*Tags.Key",
        r"(?si)(?!aws:).*",
        invalid(
            "Value ( {value} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal"
            " use"
        ),
    ),
    # AWS PrivateLink Guide, "AWS services that integrate": com.amazonaws.<region>.<service>.
    Text(
        "CreateVpcEndpoint.ServiceName",
        r"(?:aws\.|cn\.)?com\.amazonaws\.(?:vpce\.)?[a-z]{2}(?:-[a-z]+)+-\d+\.[a-z0-9.-]+|aws\.[a-z0-9.-]+",
        Refusal("InvalidServiceName", "The Vpc Endpoint Service '{value}' does not exist"),
    ),
    # API Reference, "Ensuring idempotency": up to 64 ASCII characters.
    Text("*.ClientToken", r"[\x00-\x7F]{0,64}", invalid("Invalid value '{value}' for ClientToken.")),
)

# User Guide, "View tags for your EC2 instances using instance metadata". Of new instances: launches.py.
METADATA_KEY = Text(
    "*Tags.Key",
    r"(?!(?:\.|\.\.|_index)$)[0-9a-zA-Z\-_+=,.@:]{1,255}",
    invalid(
        "'{value}' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be"
        " a reserved name ('.', '..', '_index')"
    ),
)


def refusals(call: Call) -> Iterator[Refusal]:
    yield from refused_texts(call, TEXTS)
    if any(len(each.get("Tags", [])) > MOST_TAGS for each in specifications(call)):
        # User Guide, "Tag restrictions": 50 on a resource.
        yield Refusal("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
    if call.operation.name == "CreateTags" and any(map(shows_tags, call.values.get("Resources", []))):
        yield from refused_texts(call, [METADATA_KEY])


def specifications(call: Call) -> list[dict[str, Any]]:
    return list(call.values.get("TagSpecifications", []))


def shows_tags(resource: str) -> bool:
    for backend in ec2_backends[DEFAULT_ACCOUNT_ID].values():
        instance = backend.get_instance_by_id(resource)
        if instance:
            return bool(instance.metadata_options.instance_metadata_tags == "enabled")
    return False
