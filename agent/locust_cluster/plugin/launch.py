"""`python -m locust_cluster.plugin.launch`: become Locust, with the arguments of this process.

Runs as the user `locust` in a Locust unit, and for each process of a local cluster.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from locust_cluster.common.atomic import write_atomically
from locust_cluster.common.current import Current, read_current
from locust_cluster.common.process_state import write_state
from locust_cluster.common.reserved_options import refuse_reserved, without_reserved
from locust_cluster.common.secret import Secret, read_secret
from locust_cluster.common.settings import ConfigurationError, Settings, read_settings

HOOK_FILE = "hooks/locust_cluster_hooks.py"


@dataclass(frozen=True)
class TlsFiles:
    """Paths of PEM files that only this user may read."""

    certificate: Path
    key: Path


def locust_arguments(
    settings: Settings, current: Current, release: Path, work: Path, tls: TlsFiles | None
) -> list[str]:
    """Compose Locust's arguments; the user's own come last and so win where both may be."""
    hooks = release / "agent" / HOOK_FILE
    locustfiles = [str(path) for path in (hooks, *(work / name for name in current.locustfiles))]
    arguments = ["-f", ",".join(locustfiles)]
    # Failed requests are a result, not a failure of the unit.
    arguments += ["--exit-code-on-error", "0"]
    if settings.role == "worker":
        arguments += ["--worker", "--master-host", settings.master_host]
        arguments += ["--master-port", str(settings.master_port)]
        return [*arguments, *current.args]
    arguments += ["--master", "--enable-rebalancing"]
    arguments += ["--master-bind-port", str(settings.master_port)]
    if settings.is_local:
        arguments += ["--master-bind-host", settings.master_host]
    arguments += ["--web-host", settings.web_host, "--web-port", str(settings.web_port)]
    if current.login != "none":
        arguments += ["--web-login"]
    if tls:
        arguments += ["--tls-cert", str(tls.certificate), "--tls-key", str(tls.key)]
    if current.host:
        arguments += ["--host", current.host]
    return [*arguments, *current.args]


def locust_environment(environ: Mapping[str, str], release: Path) -> dict[str, str]:
    """The environment of Locust: ours without reserved LOCUST_ variables, pinned to one release."""
    paths = [str(release / "agent"), *environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        **without_reserved(environ),
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


def refuse_missing(current: Current, test: Path) -> None:
    """Raise ConfigurationError when a locustfile is not there."""
    for name in current.locustfiles:
        if not (test / name).exists():
            raise ConfigurationError(f"there is no {name} in {test}")


def write_tls_files(folder: Path, secret: Secret) -> TlsFiles:
    """Write certificate and key for Locust's web server. Raises ConfigurationError, OSError."""
    if not secret.certificate or not secret.certificate_key:
        raise ConfigurationError("https is on, but the cluster's secret holds no certificate")
    tls = TlsFiles(folder / "certificate.pem", folder / "certificate-key.pem")
    write_atomically(tls.certificate, secret.certificate.encode(), 0o600)
    write_atomically(tls.key, secret.certificate_key.encode(), 0o600)
    return tls


def prepare(
    settings: Settings, environ: Mapping[str, str]
) -> tuple[Path, list[str], dict[str, str]]:
    """Make everything ready; returns working directory, command and environment.

    Raises ConfigurationError, OSError.
    """
    release = settings.release.resolve()
    current = read_current(release / "current.json")
    refuse_reserved(current.args)
    refuse_missing(current, release / "test")
    tls = None
    if settings.role == "master" and current.https:
        tls = write_tls_files(settings.run_dir, read_secret(settings.secrets))
    work = settings.work_dir / settings.process_name
    copy_test(release / "test", work)
    venv = release / "venv"
    python = str(venv.resolve() / "bin" / "python") if venv.exists() else sys.executable
    arguments = locust_arguments(settings, current, release, work, tls)
    command = [python, "-m", "locust", *arguments]
    return work, command, locust_environment(environ, release)


def main() -> NoReturn:
    try:
        settings = read_settings(os.environ)
    except ConfigurationError as error:
        _fail(error)
    try:
        work, command, environment = prepare(settings, os.environ)
        os.chdir(work)
        os.execve(command[0], command, environment)  # noqa: S606 (no shell is the point)
    except (ConfigurationError, OSError) as error:
        with contextlib.suppress(OSError):
            write_state(settings.process_file, "failed", str(error))
        _fail(error)


def _fail(error: Exception) -> NoReturn:
    print(f"launch: {error}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
