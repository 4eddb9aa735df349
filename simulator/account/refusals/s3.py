"""What S3's reference says of names, keys and tags in prose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl

from refusals.refusal import Refusal
from refusals.request import Call
from refusals.texts import Text, refused_texts

POLICY_LIMIT = 20 * 1024
"""Bytes of a bucket's policy (User Guide, "Policies and permissions in Amazon S3")."""

KEY_LIMIT = 1024
"""Bytes of an object's key in UTF-8 (User Guide, "Naming Amazon S3 objects")."""

OBJECT_TAGS = 10
BUCKET_TAGS = 50

INVALID_NAME = Refusal("InvalidBucketName", "The specified bucket is not valid.")
INVALID_KEY = Refusal("InvalidTag", "The TagKey you have provided is invalid")
INVALID_VALUE = Refusal("InvalidTag", "The TagValue you have provided is invalid")
TAG_CHARACTERS = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]"

TEXTS = (
    # User Guide, "General purpose bucket naming rules".
    Text("CreateBucket.Bucket", r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", INVALID_NAME),
    Text("CreateBucket.Bucket", r"(?!.*\.\.).*", INVALID_NAME),
    Text("CreateBucket.Bucket", r"(?!\d+\.\d+\.\d+\.\d+$).*", INVALID_NAME),
    Text("CreateBucket.Bucket", r"(?!xn--|sthree-|amzn-s3-demo-).*", INVALID_NAME),
    Text("CreateBucket.Bucket", r".*(?<!-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)", INVALID_NAME),
    # API Reference of S3 Control, S3Tag: keys of 1 to 128, values of up to 256 of these characters, no aws:….
    Text("*.TagSet.Key", TAG_CHARACTERS + "{1,128}", INVALID_KEY),
    Text("*.TagSet.Key", r"(?i)(?!aws:).*", Refusal("InvalidTag", "System tags cannot be added/updated by requester")),
    Text("*.TagSet.Value", TAG_CHARACTERS + "{0,256}", INVALID_VALUE),
)


def refusals(call: Call) -> Iterator[Refusal]:
    """The tags of an upload, which stand in a header, are read as those of PutObjectTagging."""
    name, values = call.operation.name, call.values
    if name == "PutObject" and values.get("Tagging"):
        pairs = parse_qsl(values["Tagging"], keep_blank_values=True)
        values = {**values, "Tagging": {"TagSet": [{"Key": key, "Value": value} for key, value in pairs]}}
    yield from refused_texts(replace(call, values=values), TEXTS)

    if len(values.get("Key", "").encode()) > KEY_LIMIT:
        yield Refusal("KeyTooLongError", "Your key is too long")
    tags = values["Tagging"].get("TagSet", []) if values.get("Tagging") else []
    if name == "PutBucketTagging" and len(tags) > BUCKET_TAGS:
        # User Guide, "Using cost allocation S3 bucket tags": 50 on a bucket.
        yield Refusal("BadRequest", f"Bucket tag count cannot be greater than {BUCKET_TAGS}")
    if name.startswith("PutObject") and len(tags) > OBJECT_TAGS:
        # User Guide, "Categorizing your objects using tags": 10 on an object.
        yield Refusal("BadRequest", f"Object tags cannot be greater than {OBJECT_TAGS}")
    if name == "PutBucketPolicy" and len(values["Policy"].encode()) > POLICY_LIMIT:
        yield Refusal("MalformedPolicy", "Policy exceeds the maximum allowed document size.")
