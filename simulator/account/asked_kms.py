"""What S3 asks of KMS in the caller's name, where a key of the account's own encrypts an object.

S3 User Guide, "Using server-side encryption with AWS KMS keys" and "S3 Bucket Keys". The policy of the key is AWS's
default one, which leaves it to IAM. With the key that AWS manages (no key named) nobody needs a permission.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from moto.s3.models import FakeBucket, s3_backends

from asked import Asked

HEADER = "x-amz-server-side-encryption"
ARN = "arn:aws:s3:::"


def kms_asks(asked: Asked, query: Mapping[str, str], headers: Mapping[str, str], region: str) -> Iterator[Asked]:
    """GenerateDataKey to write; Decrypt to read, for parts of an upload, and to check a bucket key before its use."""
    if asked.action not in ("s3:PutObject", "s3:GetObject"):
        return
    name, _, key_name = asked.resource.removeprefix(ARN).partition("/")
    owner = s3_backends.bucket_accounts.get(name)
    bucket = s3_backends[owner[1]][owner[0]].buckets.get(name) if owner else None
    if bucket is None:
        return
    if asked.action == "s3:GetObject":
        found = bucket.keys.get(key_name)
        key, by_bucket = getattr(found, "kms_key_id", None), is_true(getattr(found, "bucket_key_enabled", None))
        actions = ["kms:Decrypt"]
    else:
        key, by_bucket = key_of_a_write(bucket, headers)
        actions = ["kms:GenerateDataKey", *(["kms:Decrypt"] if by_bucket or "uploadId" in query else [])]
    if not key:
        return
    context = {
        "kms:ViaService": f"s3.{region}.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": f"{ARN}{name}" if by_bucket else asked.resource,
    }
    for action in actions:
        yield Asked(action, key, context)


def key_of_a_write(bucket: FakeBucket, headers: Mapping[str, str]) -> tuple[str | None, bool]:
    """That of the request, else that of the bucket."""
    if HEADER in headers:
        return headers.get(f"{HEADER}-aws-kms-key-id"), is_true(headers.get(f"{HEADER}-bucket-key-enabled"))
    rule = (bucket.encryption or {}).get("Rule", {})
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    return default.get("KMSMasterKeyID"), is_true(rule.get("BucketKeyEnabled"))


def is_true(value: object) -> bool:
    """moto keeps the text of the request."""
    return str(value).lower() == "true"
