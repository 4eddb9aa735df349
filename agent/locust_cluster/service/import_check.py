"""Does a release's test load? Asked before a machine switches to it.

Locust itself is asked, as its own user and in a copy of the test: `locust … --list`.
"""

import dataclasses
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from locust_cluster.common.locust_command import (
    copy_test,
    locust_arguments,
    locust_environment,
    refuse_missing,
)
from locust_cluster.common.manifest import read_manifest
from locust_cluster.common.process_status import read_process_status
from locust_cluster.common.reserved_options import refuse_reserved
from locust_cluster.common.settings import ConfigurationError, Settings

TIMEOUT_S = 30

LOG_LINES = 20

USER = "locust"


class ImportCheckError(Exception):
    """The test cannot be loaded: one sentence, and the last lines that it printed."""

    def __init__(self, reason: str, log: list[str]) -> None:
        super().__init__(reason)
        self.log = log


def check_import(settings: Settings, release: Path) -> None:
    """Load a release's test as a worker does. Raises ImportCheckError, OSError."""
    folder = Path(tempfile.mkdtemp(prefix="locust-import-check-"))
    try:
        _check(settings, release, folder)
    except ConfigurationError as error:
        raise ImportCheckError(str(error), []) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check(settings: Settings, release: Path, folder: Path) -> None:
    manifest = read_manifest(release / "current.json")
    refuse_reserved(manifest.args)
    refuse_missing(manifest, release / "test")
    worker = dataclasses.replace(settings, role="worker", run_dir=folder / "run")
    work = folder / "work"
    copy_test(release / "test", work)
    (folder / "run").mkdir()
    python = release / "venv" / "bin" / "python"
    arguments = locust_arguments(worker, manifest, release, work, None)
    output = _run(
        [str(python), "-m", "locust", *arguments, "--list"],
        work,
        {
            **locust_environment(os.environ, manifest, release),
            "CLUSTER_ROLE": "worker",
            "CLUSTER_RUN_DIR": str(worker.run_dir),
            "HOME": str(folder),
        },
        folder,
    )
    state = read_process_status(worker.process_file, time.monotonic())
    lines = [line for line in output.text.splitlines() if line.strip()]
    if output.exit_code != 0:
        last = lines[-1] if lines else f"exit code {output.exit_code}, without a message"
        reason = state.message if state and state.message else last
        raise ImportCheckError(reason, lines[-LOG_LINES:])
    # Locust lists no user class without complaint, and then does not start.
    if not any(line.startswith(" ") for line in lines):
        raise ImportCheckError(f"there is no user class in {', '.join(manifest.locustfiles)}", [])


@dataclasses.dataclass(frozen=True)
class _Output:
    exit_code: int
    text: str


def _run(command: list[str], work: Path, environ: dict[str, str], folder: Path) -> _Output:
    """Run in a session of its own, which is ended as a whole when it takes too long."""
    user = _user()
    if user:
        give(folder, user)
    with subprocess.Popen(
        command,
        cwd=work,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    ) as process:
        try:
            text, _ = process.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise ImportCheckError(f"the test was not loaded within {TIMEOUT_S} s", []) from None
    return _Output(process.returncode, text.decode(errors="replace"))


def give(folder: Path, user: pwd.struct_passwd) -> None:
    """Let a folder with all that is in it belong to a user. Raises OSError.

    The folder itself goes last: until then only root can enter it (`mkdtemp`), and put no link in
    the place of what comes next.
    """
    for path in [*folder.rglob("*"), folder]:
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _user() -> pwd.struct_passwd | None:
    """Locust's user, when we are root and there is one."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        return None
