"""`master.json`: the login of the page, the token of the API, and the certificate."""

import json
from dataclasses import dataclass
from pathlib import Path

from locust_cluster.common.settings import ConfigurationError


@dataclass(frozen=True, repr=False)
class Secret:
    """What only the master may know; `repr=False` keeps it out of logs and tracebacks."""

    username: str
    password: str
    token: str
    session_key: str
    """Signs the session cookies; stable, so that a restarted master logs nobody out."""
    certificate: str | None
    """PEM."""
    certificate_key: str | None
    """PEM."""


def read_secret(path: Path | None) -> Secret:
    """Read master.json. Raises ConfigurationError; its message holds no secret."""
    if path is None:
        raise ConfigurationError("CLUSTER_SECRETS is not set, but the cluster has a login or https")
    try:
        document = json.loads(path.read_bytes())
        secret = Secret(
            username=document["username"],
            password=document["password"],
            token=document["token"],
            session_key=document["session_key"],
            certificate=document.get("certificate"),
            certificate_key=document.get("certificate_key"),
        )
    except OSError as error:
        raise ConfigurationError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError) as error:
        reason = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else "no valid JSON"
        raise ConfigurationError(f"{path} is not understood: {reason}") from None
    for name in ("username", "password", "token", "session_key"):
        value = getattr(secret, name)
        if not isinstance(value, str) or not value:
            # An empty password or token would let everyone in.
            raise ConfigurationError(f"'{name}' in {path} is empty")
    return secret
