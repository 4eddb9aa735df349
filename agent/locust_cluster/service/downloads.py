"""Environments and bundles on this machine: fetched once, unpacked beside, renamed into place.

A folder that has its final name is complete; userdata/bucket.sh keeps the same rule at first boot.
"""

import compileall
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

from locust_cluster.common.constants import BUNDLES, CONTENT_NAME_DIGITS, ENVIRONMENTS
from locust_cluster.service.store import Store, StoreError


def ensure_environment(root: Path, name: str, store: Store) -> Path:
    """Make sure that env/<name>, a virtual environment, is there. Raises StoreError."""

    def build(archive: Path, folder: Path) -> None:
        venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        packages = folder / "lib" / version / "site-packages"
        # tar takes 0.7 s for what takes Python's tarfile 4 s.
        subprocess.run(
            ["tar", "-xzf", archive, "--no-same-owner", "-C", packages],
            check=True,
            capture_output=True,
        )
        if next(packages.rglob("*.pyc"), None) is None:
            # Built on a laptop with another Python. Locust's own user may not write here.
            compileall.compile_dir(packages, quiet=2, workers=0)

    return _ensure(root / "env" / name, f"{ENVIRONMENTS}{name}.tar.gz", store, build)


class WrongBundleError(StoreError):
    """A bundle is not the one that its name means."""


def ensure_bundle(root: Path, name: str, store: Store) -> Path:
    """Make sure that bundle/<name> is there: `test`, `agent`, `boot`.

    Raises StoreError; WrongBundleError for content of another name: root runs what is in it.
    """
    key = f"{BUNDLES}{name}.zip"

    def build(archive: Path, folder: Path) -> None:
        folder.mkdir()
        if unzip(archive, folder) != name:
            raise WrongBundleError(
                f"{key} holds something else than its name says: change the test and push it again"
            )

    return _ensure(root / "bundle" / name, key, store, build)


def unzip(archive: Path, folder: Path) -> str:
    """Unpack a bundle with Unix modes, which zipfile forgets.

    Returns the name of what it holds, as lib/model/bundle.ts gives it and userdata/first-stage.sh
    checks it. Raises zipfile.BadZipFile, OSError.
    """
    content = hashlib.sha256()
    with zipfile.ZipFile(archive) as bundle:
        for entry in bundle.infolist():
            path, mode = Path(bundle.extract(entry, folder)), entry.external_attr >> 16 & 0o777
            # Root unpacks and the user `locust` reads, however private the files were at home.
            path.chmod(0o755 if entry.is_dir() else mode & 0o755 | 0o644)
            head = [entry.filename, mode, entry.file_size]
            content.update(json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode())
            content.update(b"" if entry.is_dir() else path.read_bytes())
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        path.chmod(0o755)
    return content.hexdigest()[:CONTENT_NAME_DIGITS]


def _ensure(folder: Path, key: str, store: Store, build: Callable[[Path, Path], None]) -> Path:
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        archive = work / "archive"
        store.download(key, archive)
        build(archive, work / "content")
        # A power cut must not leave empty files under a name that counts as complete.
        os.sync()
        (work / "content").rename(folder)
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip()
        raise StoreError(f"cannot unpack {key}: {reason}") from error
    except (OSError, zipfile.BadZipFile) as error:
        raise StoreError(f"cannot unpack {key}: {error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder
