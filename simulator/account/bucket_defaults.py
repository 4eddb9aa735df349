"""What every bucket has on AWS without asking for it."""

from __future__ import annotations

from typing import Any

from moto.s3.models import S3Backend

from moto_fixes import replace


@replace(S3Backend, "get_bucket_encryption")
def encrypted_by_default(original: Any, self: S3Backend, bucket_name: str) -> Any:
    """SSE-S3 unless it has something else, since 2023 (S3 User Guide, "default encryption")."""
    default = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}
    return original(self, bucket_name) or default
