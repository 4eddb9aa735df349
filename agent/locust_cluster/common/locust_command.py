"""How a Locust process is started: its arguments, its environment, its copy of the test."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from locust_cluster.common.manifest import Manifest
from locust_cluster.common.reserved_options import without_reserved
from locust_cluster.common.settings import ConfigurationError, Settings

HOOK_FILE = "hooks/locust_cluster_hooks.py"


@dataclass(frozen=True)
class TlsFiles:
    """Paths of PEM files that only this user may read."""

    certificate: Path
    key: Path


def locust_arguments(
    settings: Settings, manifest: Manifest, release: Path, work: Path, tls: TlsFiles | None
) -> list[str]:
    """Compose Locust's arguments; the user's own come last and so win where both may be."""
    hooks = release / "agent" / HOOK_FILE
    locustfiles = [str(path) for path in (hooks, *(work / name for name in manifest.locustfiles))]
    arguments = ["-f", ",".join(locustfiles)]
    # Failed requests are a result, not a failure of the unit.
    arguments += ["--exit-code-on-error", "0"]
    if settings.role == "worker":
        arguments += ["--worker", "--master-host", settings.master_host]
        arguments += ["--master-port", str(settings.master_port)]
        return [*arguments, *manifest.args]
    arguments += ["--master", "--enable-rebalancing"]
    arguments += ["--master-bind-port", str(settings.master_port)]
    if settings.is_local:
        arguments += ["--master-bind-host", settings.master_host]
    arguments += ["--web-host", settings.web_host, "--web-port", str(settings.web_port)]
    if manifest.login != "none":
        arguments += ["--web-login"]
    if tls:
        arguments += ["--tls-cert", str(tls.certificate), "--tls-key", str(tls.key)]
    if manifest.host:
        arguments += ["--host", manifest.host]
    return [*arguments, *manifest.args]


def locust_environment(
    environ: Mapping[str, str], manifest: Manifest, release: Path
) -> dict[str, str]:
    """The environment of Locust: ours with the user's variables and without reserved LOCUST_ ones,
    pinned to one release."""
    variables = manifest.variables_of(environ.get("CLUSTER_FLEET", ""))
    paths = [str(release / "agent"), *environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        **without_reserved({**variables, **environ}),
        # Real paths: `current` may be switched under a running process, which would then import
        # one half of a package from the old release and the other from the new.
        "CLUSTER_RELEASE": str(release),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(path for path in paths if path)),
        "PYTHONUNBUFFERED": "1",
    }


def copy_test(test: Path, work: Path) -> None:
    """Make a fresh writable copy of the test; files of the last start go. Raises OSError."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(test, work, ignore=shutil.ignore_patterns("__pycache__", ".git", ".venv"))
    for folder, _, files in os.walk(work):
        for path in [Path(folder), *(Path(folder, name) for name in files)]:
            path.chmod(path.stat().st_mode | 0o600)


def refuse_missing(manifest: Manifest, test: Path) -> None:
    """Raise ConfigurationError when a locustfile is not there."""
    for name in manifest.locustfiles:
        if not (test / name).exists():
            raise ConfigurationError(f"there is no {name} in {test}")
