"""Switches this machine to what `bundle/current.json` names."""

import fcntl
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from locust_cluster.common.constants import MANIFEST_KEY
from locust_cluster.common.manifest import parse_manifest
from locust_cluster.common.process_status import is_testing
from locust_cluster.common.settings import ConfigurationError, Settings
from locust_cluster.service import last_update
from locust_cluster.service.downloads import WrongBundleError, ensure_bundle, ensure_environment
from locust_cluster.service.import_check import ImportCheckError, check_import
from locust_cluster.service.manifest_versions import with_expected
from locust_cluster.service.refusal import Refusal, Refusals
from locust_cluster.service.release import ReleaseRoot
from locust_cluster.service.store import Store, StoreError, open_store

UPDATE_ERRORS = (StoreError, ConfigurationError, ImportCheckError, OSError)
"""What is on disk stays in use."""

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
    if running is not None and root.digest(running) == root.digest(content):
        root.renew(content)
        if refusals:
            refusals.forget()
        return False
    environment = manifest.environment(architecture)
    if not environment:
        raise ConfigurationError(f"current.json names no environment for {architecture}")
    ensure_environment(root.path, environment, store)
    try:
        ensure_bundle(root.path, manifest.bundle, store)
        release = root.prepare(manifest.bundle, environment, content)
        # Without a release before it there is nothing to stay with; Locust itself will say why.
        if check and running is not None:
            check(release)
    except (WrongBundleError, ImportCheckError) as error:
        if refusals and running is not None:
            log = error.log if isinstance(error, ImportCheckError) else []
            refusals.remember(content, Refusal(manifest.bundle, str(error), log))
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
    lock = settings.state_dir / last_update.FILE
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if last_update.is_since(lock.stat(), asked - recent_s):
            return
        try:
            if is_testing(settings.run_dir, time.monotonic()):
                return
            # The parent of the link `current`, wherever the link points.
            root = ReleaseRoot(settings.release.parent, settings.fleet)
            update(
                root,
                settings.architecture,
                open_store(settings.store, settings.bucket_region),
                partial(check_import, settings),
                Refusals(settings.state_dir, settings.fleet),
            )
        finally:
            file.truncate(0)
            file.write(last_update.DONE)
            file.flush()
            os.utime(lock)
