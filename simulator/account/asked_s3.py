"""S3 actions: IAM's names differ from those of the API's operations (S3 User Guide, "Required permissions").

The sub-resource of a request says what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from asked import Asked

BUCKET = {
    "GET": {
        "": "ListBucket",
        "accelerate": "GetAccelerateConfiguration",
        "acl": "GetBucketAcl",
        "cors": "GetBucketCORS",
        "encryption": "GetEncryptionConfiguration",
        "lifecycle": "GetLifecycleConfiguration",
        "location": "GetBucketLocation",
        "logging": "GetBucketLogging",
        "notification": "GetBucketNotification",
        "object-lock": "GetBucketObjectLockConfiguration",
        "ownershipControls": "GetBucketOwnershipControls",
        "policy": "GetBucketPolicy",
        "policyStatus": "GetBucketPolicyStatus",
        "publicAccessBlock": "GetBucketPublicAccessBlock",
        "replication": "GetReplicationConfiguration",
        "requestPayment": "GetBucketRequestPayment",
        "tagging": "GetBucketTagging",
        "uploads": "ListBucketMultipartUploads",
        "versioning": "GetBucketVersioning",
        "versions": "ListBucketVersions",
        "website": "GetBucketWebsite",
    },
    "HEAD": {"": "ListBucket"},
    "PUT": {
        "": "CreateBucket",
        "acl": "PutBucketAcl",
        "encryption": "PutEncryptionConfiguration",
        "lifecycle": "PutLifecycleConfiguration",
        "ownershipControls": "PutBucketOwnershipControls",
        "policy": "PutBucketPolicy",
        "publicAccessBlock": "PutBucketPublicAccessBlock",
        "tagging": "PutBucketTagging",
        "versioning": "PutBucketVersioning",
    },
    "DELETE": {
        "": "DeleteBucket",
        "encryption": "PutEncryptionConfiguration",
        "lifecycle": "PutLifecycleConfiguration",
        "ownershipControls": "PutBucketOwnershipControls",
        "policy": "DeleteBucketPolicy",
        "publicAccessBlock": "PutBucketPublicAccessBlock",
        "tagging": "PutBucketTagging",
    },
    "POST": {"delete": "DeleteObject"},
}
OBJECT = {
    "GET": {
        "": "GetObject",
        "acl": "GetObjectAcl",
        "attributes": "GetObjectAttributes",
        "tagging": "GetObjectTagging",
        "uploadId": "ListMultipartUploadParts",
        "versionId": "GetObjectVersion",
    },
    "HEAD": {"": "GetObject", "versionId": "GetObjectVersion"},
    "PUT": {"": "PutObject", "acl": "PutObjectAcl", "tagging": "PutObjectTagging", "uploadId": "PutObject"},
    "POST": {"uploads": "PutObject", "uploadId": "PutObject"},
    "DELETE": {
        "": "DeleteObject",
        "tagging": "DeleteObjectTagging",
        "uploadId": "AbortMultipartUpload",
        "versionId": "DeleteObjectVersion",
    },
}
# A header that sets something beside the object or bucket asks for that action too.
HEADERS = {"x-amz-acl": "Put{}Acl", "x-amz-tagging": "Put{}Tagging", "x-amz-object-ownership": "Put{}OwnershipControls"}
# What only says how to list or answer; every other part of a query must be known as a sub-resource.
PARAMETERS = {
    *("continuation-token", "delimiter", "encoding-type", "fetch-owner", "key-marker", "list-type", "marker"),
    *("max-keys", "max-uploads", "partNumber", "prefix", "start-after", "version-id-marker", "x-id"),
}
ALL_BUCKETS = "arn:aws:s3:::*"


def s3_asks(
    resource: str, method: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
) -> Iterator[Asked]:
    if resource == ALL_BUCKETS:
        yield Asked("s3:ListAllMyBuckets", "*")
        return
    is_object = "/" in resource
    action = (OBJECT if is_object else BUCKET)[method][subresource(query)]
    context = {f"s3:{name}": query[name] for name in ("prefix", "delimiter") if name in query}
    if action == "DeleteObject" and not is_object:
        yield from deletions(resource, body)
        return
    yield Asked(f"s3:{action}", resource, context)
    for name, also in HEADERS.items():
        # A bucket that is created private asks for no more (S3 API Reference, CreateBucket).
        private = action == "CreateBucket" and headers.get(name) == "private"
        if method == "PUT" and name in headers and not private:
            yield Asked("s3:" + also.format("Object" if is_object else "Bucket"), resource)


def subresource(query: Mapping[str, str]) -> str:
    found = sorted(
        set(query) - PARAMETERS - {name for name in query if name.lower().startswith(("x-amz-", "response-"))}
    )
    if len(found) > 1:
        raise NotImplementedError(f"an S3 request with {' and '.join(found)}")
    return found[0] if found else ""


def deletions(bucket: str, body: bytes) -> Iterator[Asked]:
    """DeleteObjects needs the permission for every key, and another one for a version."""
    for entry in ElementTree.fromstring(body).iterfind("{*}Object"):
        action = "DeleteObject" if entry.find("{*}VersionId") is None else "DeleteObjectVersion"
        yield Asked(f"s3:{action}", f"{bucket}/{entry.findtext('{*}Key')}")
