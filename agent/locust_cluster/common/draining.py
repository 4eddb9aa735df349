"""The mark of a machine that AWS is about to end: its processes leave, and none starts there again.

The agent service writes it, the Locust processes read it. It lies in the state folder, where only
root writes.
"""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.checked_json import number
from locust_cluster.common.constants import END_CAUSES, EndCause
from locust_cluster.common.iso_time import from_iso

DRAINING_FILE = "draining.json"

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Draining:
    """Why a machine ends, and when. Times as ISO."""

    cause: EndCause
    noticed: str
    ends: str | None = None
    """None when the notice does not say."""
    at: float = field(default_factory=time.monotonic, compare=False)
    """When it was noticed, by the steady clock that all processes of a machine share."""

    def now(self, steady: float) -> float:
        """Seconds since 1970 by the clock of the notice, however it was set since."""
        return from_iso(self.noticed) + steady - self.at


def write_draining(state_dir: Path, draining: Draining) -> None:
    """Raises OSError."""
    write_json(state_dir / DRAINING_FILE, {**asdict(draining), "boot": _boot_id()})


def read_draining(state_dir: Path) -> Draining | None:
    """None unless this machine is draining. A machine that AWS has started again is not."""
    try:
        document = json.loads((state_dir / DRAINING_FILE).read_bytes())
        if document.pop("boot") != _boot_id():
            return None
        draining = Draining(**document)
        number(draining.at)
        for each in (draining.noticed, draining.ends):
            if each is not None:
                from_iso(each)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return draining if draining.cause in END_CAUSES else None


def describe(draining: Draining) -> str:
    """In words, for the journal and the ledger."""
    why = "spot notice" if draining.cause == "spot" else "by its Auto Scaling group"
    when = f" at {draining.ends}" if draining.ends else ""
    return f"AWS ends this machine{when} ({why})"


def _boot_id() -> str:
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return ""  # a local cluster on another system
