"""The folder of a run: its name. Pure."""

import re
import unicodedata
from datetime import UTC, datetime

from locust_cluster.common.constants import RUN_ID_PATTERN

RUN_ID = re.compile(RUN_ID_PATTERN)

LONGEST_NAME = 40


def run_id(created: float, name: str | None, attempt: int = 1) -> str:
    """20261121-110432-checkout: time of creation (UTC) and name.

    A later attempt in the same second gets a number.
    """
    time = datetime.fromtimestamp(created, UTC).strftime("%Y%m%d-%H%M%S")
    return "-".join([time, *_slug(name or ""), *([str(attempt)] if attempt > 1 else [])])


def _slug(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_NAME].strip("-").split("-") if plain else []
