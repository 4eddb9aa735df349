"""What a master finds of runs that the one before it did not finish. Pure but for the folder."""

import logging
from dataclasses import dataclass
from typing import Any

from locust_cluster.common.constants import OVER_STATES
from locust_cluster.common.iso_time import from_iso, iso
from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.lifecycle import AWAITING, next_state
from locust_cluster.runs.verdicts import NEVER_JUDGED

logger = logging.getLogger(__name__)

REASON = "the master was stopped or died during the run"


@dataclass(frozen=True)
class Waiting:
    """A run that has yet to begin: this master goes on waiting for it."""

    folder: RunFolder
    document: dict[str, Any]


def recover(archive: Archive, now: float) -> Waiting | None:
    """Mark what was running as interrupted. Returns a run that was still waiting, the newest.

    A folder that a test or a colleague has damaged keeps no other run from this.
    """
    waiting: Waiting | None = None
    for document in archive.documents():
        folder = archive.folder(document["id"])
        if document["state"] in OVER_STATES or folder is None:
            continue
        if document["state"] in AWAITING and waiting is None:
            waiting = Waiting(folder, document)
            continue
        try:
            folder.write_run(interrupted(document, folder.last_row(), now))
        except Exception:
            logger.exception("run %s cannot be marked as interrupted", folder.id)
    return waiting


def interrupted(document: dict[str, Any], row: dict[str, Any] | None, now: float) -> dict[str, Any]:
    """The document of a run whose master is gone: it ended with the last row of its timeline."""
    ended = max(each["time"] for each in (*document["states"], *([row] if row else [])))
    state = next_state(document["state"], "master_died")
    elapsed = document["progress"]["elapsed_s"]
    if document["started"]:
        elapsed = round(max(elapsed, from_iso(ended) - from_iso(document["started"])), 1)
    interrupted = {
        **document,
        "state": state,
        "reason": REASON,
        "states": [*document["states"], {"state": state, "time": iso(now), "reason": REASON}],
        "ended": ended,
        "now": None,
        "verdicts": [
            {**each, "message": NEVER_JUDGED} if each["passed"] is None else each
            for each in document["verdicts"]
        ],
        "progress": {**document["progress"], "elapsed_s": elapsed, "phase": "over"},
    }
    if "fleet_figures" in document:
        fleets = document["fleet_figures"].items()
        interrupted["fleet_figures"] = {name: {**each, "now": None} for name, each in fleets}
    return interrupted
