"""`python -m locust_cluster.service.update`: switch to what `bundle/current.json` names.

Runs as root before each start of a Locust unit (ExecStartPre=+). Its end is always good while there
is a release on disk: a bucket that cannot be reached must not keep Locust down.
"""

import fcntl
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from locust_cluster.common.constants import MANIFEST_KEY
from locust_cluster.common.manifest import digest_of_what_runs, parse_manifest, with_expected
from locust_cluster.common.process_status import is_testing
from locust_cluster.common.settings import ConfigurationError, Settings, read_settings
from locust_cluster.service.downloads import ensure_bundle, ensure_environment
from locust_cluster.service.import_check import ImportCheckError, check_import
from locust_cluster.service.refusal import Refusal, Refusals
from locust_cluster.service.release import ReleaseRoot
from locust_cluster.service.store import Store, StoreError, open_store

UPDATE_ERRORS = (StoreError, ConfigurationError, ImportCheckError, OSError)
"""What is on disk stays in use."""


RECENT_S = 15
"""What is this old is new enough to start with; the agent service asks every few seconds anyway."""

Check = Callable[[Path], None]
"""Raises ImportCheckError when the test of a release cannot be loaded."""


def update(
    root: ReleaseRoot,
    architecture: str,
    store: Store,
    check: Check | None = None,
    refusals: Refusals | None = None,
) -> bool:
    """Bring this machine to what the store names. True when it runs something else from now on.

    Raises StoreError, ConfigurationError, ImportCheckError, OSError; what is on disk then stays in
    use.
    """
    content = store.get(MANIFEST_KEY)
    running = root.current_json()
    if content == running:
        if refusals:
            refusals.forget()
        return False
    if refusals and refusals.of(content):
        if running is not None and running != (renewed := with_expected(running, content)):
            root.renew(renewed)
        return False
    manifest = parse_manifest(content)
    if running is not None and digest_of_what_runs(running) == digest_of_what_runs(content):
        root.renew(content)
        if refusals:
            refusals.forget()
        return False
    environment = manifest.environment(architecture)
    if not environment:
        raise ConfigurationError(f"current.json names no environment for {architecture}")
    ensure_environment(root.path, environment, store)
    ensure_bundle(root.path, manifest.bundle, store)
    release = root.prepare(manifest.bundle, environment, content)
    try:
        # Without a release before it there is nothing to stay with; Locust itself will say why.
        if check and running is not None:
            check(release)
    except ImportCheckError as error:
        if refusals:
            refusals.remember(content, Refusal(manifest.bundle, str(error), error.log))
        raise
    root.switch(release)
    if refusals:
        refusals.forget()
    root.prune()
    return True


def update_once(settings: Settings, recent_s: float = 0) -> None:
    """Update, unless this machine did so in the last `recent_s` seconds or while we waited.

    Not during a test: a process that died in it comes back to the same test.

    Raises what `update` raises.
    """
    asked = time.time()
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    lock = settings.state_dir / "update.lock"
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # The time of the file is the end of the last attempt, good or bad: sixteen workers that
        # start together must not wait for an unreachable bucket one after the other. The first boot
        # writes it too (boot/environment.sh).
        last = lock.stat()
        # A time to come is that of a clock that was set back since.
        if last.st_size and asked - recent_s <= last.st_mtime <= time.time():
            return
        try:
            if is_testing(settings.run_dir, time.monotonic()):
                return
            # The parent of the link `current`, wherever the link points.
            root = ReleaseRoot(settings.release.parent)
            update(
                root,
                settings.architecture,
                open_store(settings.store, settings.bucket_region),
                partial(check_import, settings),
                Refusals(settings.state_dir),
            )
        finally:
            file.truncate(0)
            file.write("updated\n")
            file.flush()
            os.utime(lock)


def main() -> int:
    try:
        settings = read_settings(os.environ)
        if settings.is_local:
            return 0
        update_once(settings, RECENT_S)
    except UPDATE_ERRORS as error:
        release = os.environ.get("CLUSTER_RELEASE", "")
        if release and Path(release, "current.json").exists():
            print(f"update: {error}; going on with what is on disk", file=sys.stderr)
            return 0
        print(f"update: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
