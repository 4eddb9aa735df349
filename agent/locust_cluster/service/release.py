"""Releases: one folder of links for each pair of bundle and environment, and `current` to one."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from locust_cluster.common.atomic_files import switch_link, write_atomically
from locust_cluster.service.manifest_versions import digest_of_what_runs

KEPT_RELEASES = 3
"""The running one, the one before for a way back, one whose processes may still be ending."""


@dataclass(frozen=True)
class ReleaseRoot:
    """The folder that holds `env`, `bundle`, `release` and `current` (/opt/locust-cluster)."""

    path: Path
    fleet: str = ""
    """That of this machine: its variables are a part of what runs."""

    @property
    def current(self) -> Path:
        return self.path / "current"

    def current_json(self) -> bytes | None:
        """What the running release was made from; None before the first."""
        try:
            return (self.current / "current.json").read_bytes()
        except FileNotFoundError:
            return None

    def prepare(self, bundle: str, environment: str, current_json: bytes) -> Path:
        """Make the folder of a release. Raises OSError."""
        release = self.path / "release" / f"{bundle}-{environment}"
        digest = self.digest(current_json)
        if self._differs(release / "current.json", digest):
            # Other settings for the same test: not into a folder that may be in use.
            release = release.with_name(f"{release.name}-{digest[:8]}")
        release.mkdir(parents=True, exist_ok=True)
        release.chmod(0o755)
        switch_link(release / "venv", Path("../../env", environment))
        switch_link(release / "test", Path("../../bundle", bundle, "test"))
        switch_link(release / "agent", Path("../../bundle", bundle, "agent"))
        write_atomically(release / "current.json", current_json)
        return release

    def digest(self, current_json: bytes) -> str:
        """Of what runs here with this version of current.json."""
        return digest_of_what_runs(current_json, self.fleet)

    def renew(self, current_json: bytes) -> None:
        """Note a version of current.json that changes nothing of what runs. Raises OSError."""
        write_atomically(self.path / "current.json", current_json)
        write_atomically(self.current / "current.json", current_json)

    def switch(self, release: Path) -> None:
        """Let `current` point to a release. Raises OSError."""
        current_json = (release / "current.json").read_bytes()
        write_atomically(self.path / "current.json", current_json)
        os.utime(release)
        switch_link(self.current, Path("release", release.name))

    def prune(self) -> None:
        """Remove releases older than the last three, and what no release names any more."""
        folder = self.path / "release"
        releases = sorted(folder.iterdir(), key=lambda release: release.stat().st_mtime)
        running = self.current.resolve()
        for release in releases[:-KEPT_RELEASES]:
            if release.resolve() != running:
                shutil.rmtree(release, ignore_errors=True)
        named = [release.name.split("-") for release in folder.iterdir()]
        self._keep_only("bundle", {bundle for bundle, *_ in named})
        self._keep_only("env", {environment for _, environment, *_ in named})

    def _differs(self, current_json: Path, digest: str) -> bool:
        return current_json.exists() and self.digest(current_json.read_bytes()) != digest

    def _keep_only(self, kind: str, names: set[str]) -> None:
        folder = self.path / kind
        for entry in folder.iterdir() if folder.is_dir() else ():
            if entry.is_dir() and entry.name not in names:
                shutil.rmtree(entry, ignore_errors=True)
