"""How a Locust process is started: pure composition, and a copy of the test."""

import os
from dataclasses import replace
from pathlib import Path

from locust_cluster.common.fleet import Fleet
from locust_cluster.common.locust_command import (
    TlsFiles,
    copy_test,
    locust_arguments,
    locust_environment,
)
from locust_cluster.common.manifest import Manifest
from locust_cluster.common.settings import Settings, read_settings

RELEASE = Path("/opt/locust-cluster/release/a-b")

WORK = Path("/var/lib/locust/work/master-1")

HOOK = "/opt/locust-cluster/release/a-b/agent/hooks/locust_cluster_hooks.py"

MANIFEST = Manifest("a" * 20, {}, ("locustfile.py",), None, (), "generated", False)


def settings(role: str) -> Settings:
    return read_settings(
        {
            "CLUSTER_ROLE": role,
            "CLUSTER_STORE": "s3://bucket",
            "CLUSTER_RELEASE": "/opt/locust-cluster/current",
            "CLUSTER_STATE_DIR": "/var/lib/locust-cluster",
            "CLUSTER_RUN_DIR": "/run/locust-cluster",
            "CLUSTER_WORK_DIR": "/var/lib/locust/work",
            "CLUSTER_MASTER_HOST": "10.77.0.4",
        }
    )


def test_composes_a_worker() -> None:
    manifest = replace(MANIFEST, host="http://target.example", args=("--loglevel", "DEBUG"))
    assert locust_arguments(settings("worker"), manifest, RELEASE, WORK, None) == [
        *["-f", f"{HOOK},/var/lib/locust/work/master-1/locustfile.py"],
        *["--exit-code-on-error", "0", "--worker"],
        *["--master-host", "10.77.0.4", "--master-port", "5557", "--loglevel", "DEBUG"],
    ]


def test_composes_a_master() -> None:
    manifest = replace(MANIFEST, host="http://target.example", args=("--tags", "fast"))
    tls = TlsFiles(Path("/run/c.pem"), Path("/run/k.pem"))
    assert locust_arguments(settings("master"), manifest, RELEASE, WORK, tls) == [
        *["-f", f"{HOOK},/var/lib/locust/work/master-1/locustfile.py"],
        *["--exit-code-on-error", "0", "--master", "--enable-rebalancing"],
        *["--master-bind-port", "5557", "--web-host", "0.0.0.0", "--web-port", "8089"],  # noqa: S104
        *["--web-login", "--tls-cert", "/run/c.pem", "--tls-key", "/run/k.pem"],
        *["--host", "http://target.example", "--tags", "fast"],
    ]


def test_asks_for_no_login_when_there_is_none() -> None:
    manifest = replace(MANIFEST, login="none")
    assert "--web-login" not in locust_arguments(settings("master"), manifest, RELEASE, WORK, None)


def test_pins_the_release_and_drops_reserved_variables() -> None:
    environ = {
        "LOCUST_HEADLESS": "true",
        "LOCUST_HOST": "http://target.example",
        "PYTHONPATH": "/opt/locust-cluster/current/agent",
    }
    variables = {"SHOP": "de", "LOCUST_AUTOSTART": "1", "PYTHONPATH": "/elsewhere"}
    composed = locust_environment(environ, replace(MANIFEST, variables=variables), RELEASE)
    assert composed["SHOP"] == "de"
    assert "LOCUST_AUTOSTART" not in composed
    assert "LOCUST_HEADLESS" not in composed
    assert composed["LOCUST_HOST"] == "http://target.example"
    assert composed["CLUSTER_RELEASE"] == str(RELEASE)
    assert composed["PYTHONPATH"].split(os.pathsep)[0] == f"{RELEASE}/agent"


def test_gives_the_variables_of_the_machines_fleet() -> None:
    manifest = replace(
        MANIFEST,
        variables={"SHOP": "com", "TAX": "0"},
        fleets={"eu": Fleet("eu-central-1", 0, 9, 60, {"SHOP": "de", "CLUSTER_NODE": "another"})},
    )
    environ = {"CLUSTER_FLEET": "eu", "CLUSTER_NODE": "eu-9abcdef0"}
    composed = locust_environment(environ, manifest, RELEASE)
    assert (composed["SHOP"], composed["TAX"]) == ("de", "0")
    assert composed["CLUSTER_NODE"] == "eu-9abcdef0"
    assert locust_environment({}, manifest, RELEASE)["SHOP"] == "com"


def test_copies_the_test_afresh(tmp_path: Path) -> None:
    test, work = tmp_path / "test", tmp_path / "work/master-1"
    (test / "data").mkdir(parents=True)
    (test / "data/users.csv").write_text("a")
    (test / "data/users.csv").chmod(0o444)
    copy_test(test, work)
    (work / "data/users.csv").write_text("changed by the test")
    (work / "written.txt").write_text("written by the test")
    copy_test(test, work)
    assert (work / "data/users.csv").read_text() == "a"
    assert not (work / "written.txt").exists()
    assert (test / "data/users.csv").read_text() == "a"
