"""Clients of AWS with the credentials of the machine's role. No other module loads boto3."""

import threading
from pathlib import Path
from typing import Any

CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 3
ATTEMPTS = 2
"""An unreachable bucket is known after about 7 s: a Locust unit waits for it at each start."""

SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
"""Debian's trust store, which curl used at first boot; botocore would bring its own list."""

_CREATING = threading.Lock()
"""The agent service has threads, and boto3's session is for one at a time (boto3,
"Multithreading or multiprocessing with sessions"); its clients are for all."""


def open_client(service: str, region: str) -> Any:
    """Raises what `aws_errors` names."""
    # Imported here: half a second that a local cluster need not spend.
    import boto3
    from botocore.config import Config

    with _CREATING:
        return boto3.client(
            service,
            region_name=region or None,
            verify=str(SYSTEM_CERTIFICATES) if SYSTEM_CERTIFICATES.exists() else None,
            config=Config(
                connect_timeout=CONNECT_TIMEOUT_S,
                read_timeout=READ_TIMEOUT_S,
                retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
                # The gateway endpoint and the firewall know the regional name only.
                s3={"us_east_1_regional_endpoint": "regional"},
            ),
        )


def aws_errors() -> tuple[type[Exception], ...]:
    """What a client raises when AWS refuses, or is out of reach."""
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError, OSError
