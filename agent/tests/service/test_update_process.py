"""`python -m locust_cluster.service.update`: with an emulated bucket, at once, without a bucket."""

import contextlib
import fcntl
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from cluster import AGENT
from emulated_s3 import s3_variables
from moto.server import ThreadedMotoServer
from ports import free_port
from published import publish

from locust_cluster.service import last_update
from locust_cluster.service.changeover import update
from locust_cluster.service.release import ReleaseRoot
from locust_cluster.service.store import FolderStore, MissingObjectError, StoreError, open_store


@pytest.fixture(scope="module")
def bucket_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def variables(folder: Path, endpoint: str) -> dict[str, str]:
    """The environment of the unit on a machine, with an emulated S3."""
    return {
        **s3_variables(endpoint),
        "CLUSTER_ROLE": "worker",
        "CLUSTER_BUCKET_REGION": "us-east-1",
        "CLUSTER_ARCHITECTURE": "x86_64",
        "CLUSTER_STORE": "s3://bucket",
        "CLUSTER_RELEASE": str(folder / "opt/current"),
        "CLUSTER_STATE_DIR": str(folder / "state"),
        "CLUSTER_RUN_DIR": str(folder / "run"),
        "CLUSTER_WORK_DIR": str(folder / "work"),
    }


def start_update(environ: dict[str, str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "locust_cluster.service.update"]
    return subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)


def test_many_units_that_start_at_once_fetch_once(
    tmp_path: Path, bucket_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = variables(tmp_path, bucket_endpoint)
    for key in ("AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, environ[key])
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="bucket")
    store = open_store("s3://bucket", "us-east-1")
    publish(store, 1)
    with pytest.raises(MissingObjectError, match="there is no bundle/x in bucket bucket"):
        store.get("bundle/x")
    found = store.get_if_changed("bundle/current.json", None)
    assert found is not None
    assert found[0] == store.get("bundle/current.json")
    assert store.get_if_changed("bundle/current.json", found[1]) is None

    started = [start_update(environ) for _ in range(3)]
    results = [(process.communicate(timeout=30)[1], process.returncode) for process in started]
    assert results == [("", 0)] * 3
    release = tmp_path / "opt/current"
    assert (release / "test/locustfile.py").read_text() == "# 1"
    assert len(list((tmp_path / "opt/env").iterdir())) == 1


def test_asks_again_only_after_seconds(
    tmp_path: Path, bucket_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = variables(tmp_path, bucket_endpoint) | {"CLUSTER_STORE": "s3://again"}
    for key in ("AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, environ[key])
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="again")
    store = open_store("s3://again", "us-east-1")

    publish(store, 1)
    assert start_update(environ).communicate(timeout=30)[1] == ""
    publish(store, 2)
    assert start_update(environ).communicate(timeout=30)[1] == ""

    minute_ago = time.time() - 60
    os.utime(tmp_path / "state/update.lock", (minute_ago, minute_ago))
    # The second test has no users, so it is refused: proof enough that it was fetched.
    assert "going on with what is on disk" in start_update(environ).communicate(timeout=30)[1]


def test_looks_whether_there_is_anything_to_do_before_it_imports_what_does_it(
    tmp_path: Path,
) -> None:
    environ = variables(tmp_path, "http://127.0.0.1:1")
    lock = tmp_path / "state/update.lock"
    lock.parent.mkdir()
    lock.write_text("updated\n")
    program = (
        "import sys; from locust_cluster.service.update import main; "
        "print(main(), 'pathlib' in sys.modules, 'locust_cluster.common.settings' in sys.modules)"
    )
    # Without the packages of this environment, one of which imports pathlib at every start.
    command = [sys.executable, "-S", "-c", program]
    environ["PYTHONPATH"] = str(AGENT)
    done = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
    assert done.stdout == "0 False False\n"


def test_the_first_boot_leaves_the_mark_of_an_update() -> None:
    script = (AGENT.parent / "boot" / "environment.sh").read_text()
    assert f'echo {last_update.DONE.strip()} >"$STATE/{last_update.FILE}"' in script


def test_waits_for_an_update_under_way(tmp_path: Path) -> None:
    lock = tmp_path / last_update.FILE
    lock.write_text(last_update.DONE)
    assert last_update.is_recent(str(tmp_path), 15)
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert not last_update.is_recent(str(tmp_path), 15)
    assert last_update.is_recent(str(tmp_path), 15)


@pytest.mark.parametrize(("content", "age_s"), [("", 0), ("updated\n", 16), ("updated\n", -60)])
def test_an_attempt_is_not_recent_that_never_was_is_long_ago_or_to_come(
    tmp_path: Path, content: str, age_s: int
) -> None:
    assert not last_update.is_recent(str(tmp_path), 15)
    lock = tmp_path / last_update.FILE
    lock.write_text(content)
    time_of = time.time() - age_s
    os.utime(lock, (time_of, time_of))
    assert not last_update.is_recent(str(tmp_path), 15)


def test_goes_on_without_a_store_after_seconds(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    publish(store, 1)
    update(ReleaseRoot(tmp_path / "opt"), "x86_64", store)
    with socket.socket() as silent:
        # Accepts connections and never answers: the worst that a network does.
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        environ = variables(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}")
        begin = time.monotonic()
        waiting = [start_update(environ) for _ in range(3)]
        errors = [process.communicate(timeout=40)[1] for process in waiting]
        # One attempt for all three, not one after the other: two tries of 3 s and the imports.
        assert time.monotonic() - begin < 15
    assert [process.returncode for process in waiting] == [0, 0, 0]
    told = [error for error in errors if error]
    assert len(told) == 1
    assert "cannot reach bundle/current.json in bucket bucket" in told[0]
    assert told[0].endswith("going on with what is on disk\n")


def test_a_connection_that_breaks_off_is_a_store_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_hang_up, args=(server,), daemon=True).start()
        environ = variables(tmp_path, f"http://127.0.0.1:{server.getsockname()[1]}")
        for key in ("AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(key, environ[key])
        store = open_store("s3://bucket", "us-east-1")
        with pytest.raises(StoreError, match=r"cannot reach bundle/current\.json in bucket bucket"):
            store.get_if_changed("bundle/current.json", None)


def _hang_up(server: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            server.accept()[0].close()


def test_fails_when_there_is_neither_store_nor_release(tmp_path: Path) -> None:
    process = start_update(variables(tmp_path, f"http://127.0.0.1:{free_port()}"))
    error = process.communicate(timeout=30)[1]
    assert process.returncode == 2
    assert error.startswith("update: cannot reach bundle/current.json")


def test_has_nothing_to_do_in_a_local_cluster(tmp_path: Path) -> None:
    environ = {**variables(tmp_path, ""), "CLUSTER_STORE": f"file://{tmp_path}"}
    process = start_update(environ)
    assert (process.communicate(timeout=20)[1], process.returncode) == ("", 0)
    assert not (tmp_path / "opt").exists()
