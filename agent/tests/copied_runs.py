"""A run on a master's disk, its uploader, and a store that counts what comes, for the tests."""

import json
from pathlib import Path

from locust_cluster.service.store import FolderStore, StoreError, UnreachableError
from locust_cluster.service.upload import Uploader

RUN = "20261121-110432-checkout"


class CountingStore(FolderStore):
    """A folder that can be out of reach."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reachable = True
        self.refused: set[str] = set()
        self.put_keys: list[str] = []

    def put(self, key: str, content: bytes) -> None:
        if not self.reachable:
            raise UnreachableError(f"cannot reach {key}")
        if key in self.refused:
            raise StoreError(f"refused {key}")
        self.put_keys.append(key.rsplit("/", 1)[1])
        super().put(key, content)

    def taken(self) -> list[str]:
        keys, self.put_keys = self.put_keys, []
        return keys


def new_run(tmp_path: Path) -> Path:
    """Its folder."""
    folder = tmp_path / "runs" / RUN
    folder.mkdir(parents=True)
    (folder / "timeline.csv").write_text("time\n")
    write_run_state(folder, "running")
    return folder


def write_run_state(folder: Path, state: str) -> None:
    (folder / "run.json").write_text(json.dumps({"state": state}))


def uploader(tmp_path: Path, store: CountingStore) -> Uploader:
    (tmp_path / "state").mkdir(exist_ok=True)
    return Uploader(tmp_path / "runs", tmp_path / "state", lambda: store)
