"""`python -m locust_cluster.plugin.launch`: become Locust, with the arguments of this process.

Runs as the user `locust` in a Locust unit, and for each process of a local cluster.
"""

import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from locust_cluster.common.atomic_files import write_atomically
from locust_cluster.common.draining import read_draining
from locust_cluster.common.locust_command import (
    TlsFiles,
    copy_test,
    locust_arguments,
    locust_environment,
    refuse_missing,
)
from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.process_status import write_process_status
from locust_cluster.common.reserved_options import refuse_reserved
from locust_cluster.common.secret import Secret, read_secret
from locust_cluster.common.settings import ConfigurationError, Settings, read_settings


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
    manifest = read_manifest(release / "current.json")
    refuse_reserved(manifest.args)
    refuse_missing(manifest, release / "test")
    tls = None
    if settings.role == "master" and manifest.https:
        tls = write_tls_files(settings.run_dir, read_secret(settings.secrets))
    work = settings.work_dir / settings.process_name
    copy_test(release / "test", work)
    venv = release / "venv"
    python = str(venv.resolve() / "bin" / "python") if venv.exists() else sys.executable
    arguments = locust_arguments(settings, manifest, release, work, tls)
    command = [python, "-m", "locust", *arguments]
    return work, command, locust_environment(environ, manifest, release)


def main() -> NoReturn:
    try:
        settings = read_settings(os.environ)
    except ConfigurationError as error:
        _fail(error)
    if settings.role == "worker" and read_draining(settings.state_dir):
        # With 0: until the agent service has stopped this unit, systemd tries again.
        print("launch: AWS is about to end this machine: no Locust starts", file=sys.stderr)
        sys.exit(0)
    try:
        work, command, environment = prepare(settings, os.environ)
        os.chdir(work)
        os.execve(command[0], command, environment)  # noqa: S606 (no shell is the point)
    except (ConfigurationError, OSError) as error:
        with contextlib.suppress(OSError):
            write_process_status(settings.process_file, "failed", str(error))
        _fail(error)


def _fail(error: Exception) -> NoReturn:
    print(f"launch: {error}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
