"""EC2's metadata service: what AWS says to a machine about itself."""

import http.client
import os
from collections.abc import Sequence
from urllib.parse import urlsplit

SERVICE = "http://169.254.169.254"
"""Of EC2; as AWS's own clients, we take AWS_EC2_METADATA_SERVICE_ENDPOINT before it."""

TIMEOUT_S = 1

MOST_BYTES = 64 << 10
"""Of one answer."""


class MetadataError(Exception):
    """It did not answer: one sentence."""


def ask_metadata(names: Sequence[str]) -> dict[str, str]:
    """What it has under `/latest/meta-data/`, by name; without what this machine does not have.

    Raises MetadataError.
    """
    service = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") or SERVICE
    connection = http.client.HTTPConnection(urlsplit(service).netloc, timeout=TIMEOUT_S)
    answers = {}
    try:
        # EC2 User Guide, "Use IMDSv2": a token first. One minute is enough for a few questions.
        ttl = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
        connection.request("PUT", "/latest/api/token", headers=ttl)
        token = {
            "X-aws-ec2-metadata-token": connection.getresponse().read(MOST_BYTES).decode("latin-1")
        }
        for name in names:
            connection.request("GET", f"/latest/meta-data/{name}", headers=token)
            reply = connection.getresponse()
            text = reply.read(MOST_BYTES).decode("latin-1").strip()
            if reply.status == http.client.OK and text:
                answers[name] = text
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise MetadataError(f"the metadata service does not answer: {error!r}") from error
    finally:
        connection.close()
    return answers
