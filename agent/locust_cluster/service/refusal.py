"""Why this machine does not run what the store names: kept until the store names something else."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from locust_cluster.common.atomic_files import write_json
from locust_cluster.common.documents.node_record import RefusedTest
from locust_cluster.service.manifest_versions import digest_of_what_runs


@dataclass(frozen=True)
class Refusal:
    """A test that could not be loaded here; part of the ledger record."""

    bundle: str
    reason: str
    log: list[str]

    def to_document(self) -> RefusedTest:
        return {"bundle": self.bundle, "reason": self.reason, "log": self.log}


class Refusals:
    """The last one, in the state folder."""

    def __init__(self, state_dir: Path, fleet: str) -> None:
        self._file = state_dir / "refused.json"
        self._fleet = fleet

    def remember(self, current_json: bytes, refusal: Refusal) -> None:
        write_json(
            self._file,
            {"current": digest_of_what_runs(current_json, self._fleet), **refusal.to_document()},
        )

    def forget(self) -> None:
        self._file.unlink(missing_ok=True)

    def of(self, current_json: bytes) -> Refusal | None:
        """The refusal of what this current.json names."""
        document = self._read()
        same = document.get("current") == digest_of_what_runs(current_json, self._fleet)
        return self.last if same else None

    @property
    def last(self) -> Refusal | None:
        try:
            document = self._read()
            return Refusal(document["bundle"], document["reason"], document["log"])
        except KeyError:
            return None

    def _read(self) -> dict[str, Any]:
        try:
            document = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        return document if isinstance(document, dict) else {}
