"""The mark of a machine that changes to another test: the service sets it, the master reads it."""

from pathlib import Path

UPDATING_FILE = "updating"
"""In the state folder while this machine changes: no run begins. It names the next release.

Not in the run folder, which is Locust's: root would write wherever a link there leads.
"""

UPDATING_FOR_S = 60
"""Older marks are left over from an agent that was killed."""


def is_updating(state_dir: Path, release: str, now: float) -> bool:
    """Is this machine about to change to another test than that of `release`, a folder's name?"""
    mark = state_dir / UPDATING_FILE
    try:
        since, wanted = now - mark.stat().st_mtime, mark.read_text()
    except OSError:
        return False
    # The mark of a clock that was set back since says nothing.
    return 0 <= since < UPDATING_FOR_S and wanted != release
