"""`locust_cluster.plugin.launch`: pure composition, and processes that end with a sentence."""

import http.client
import json
import os
import ssl
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from certificate import make_certificate
from cluster import SECRET, Cluster, wait_until

from locust_cluster.common.locust_command import (
    TlsFiles,
    copy_test,
    locust_arguments,
    locust_environment,
)
from locust_cluster.common.manifest import Manifest
from locust_cluster.common.reserved_options import refuse_reserved
from locust_cluster.common.secret import Secret, read_secret
from locust_cluster.common.settings import ConfigurationError, Settings, read_settings
from locust_cluster.plugin.launch import write_tls_files
from locust_cluster.service.page_health import NO_ANSWER, page_trouble

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
    composed = locust_environment(environ, RELEASE)
    assert "LOCUST_HEADLESS" not in composed
    assert composed["LOCUST_HOST"] == "http://target.example"
    assert composed["CLUSTER_RELEASE"] == str(RELEASE)
    assert composed["PYTHONPATH"].split(os.pathsep)[0] == f"{RELEASE}/agent"


@pytest.mark.parametrize("option", ["--headless", "--headl", "-f", "-P8090", "--web-port=1", "-l"])
def test_refuses_reserved_options(option: str) -> None:
    with pytest.raises(ConfigurationError, match="is set by the cluster itself"):
        refuse_reserved(["--tags", "x", option])


def test_admits_the_users_own_options() -> None:
    refuse_reserved(["-H", "http://x", "--tags", "headless", "--run-time", "5m", "--host=x", "-L"])


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


def test_keeps_the_certificate_key_private(tmp_path: Path) -> None:
    secret = Secret("locust", "p", "t", "s", "CERTIFICATE", "KEY")
    tls = write_tls_files(tmp_path, secret)
    assert stat.S_IMODE(tls.key.stat().st_mode) == 0o600
    assert tls.key.read_text() == "KEY"
    with pytest.raises(ConfigurationError, match="holds no certificate"):
        write_tls_files(tmp_path, replace(secret, certificate_key=None))


@pytest.mark.parametrize("name", ["username", "password", "token", "session_key"])
def test_refuses_an_incomplete_secret(tmp_path: Path, name: str) -> None:
    file = tmp_path / "master.json"
    file.write_text(json.dumps({**SECRET, name: ""}))
    with pytest.raises(ConfigurationError, match=f"'{name}' in .* is empty"):
        read_secret(file)
    file.write_text(json.dumps({k: v for k, v in SECRET.items() if k != name}))
    with pytest.raises(ConfigurationError, match=f"'{name}' is missing"):
        read_secret(file)


def test_serves_https(make_cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    secret = {**SECRET, **make_certificate(tmp_path)}
    cluster = make_cluster(login="generated", https=True, secret=secret)
    cluster.start("master")
    told = read_settings(cluster.variables("master", "master", 1, 1))
    wait_until(lambda: page_trouble(told, secret["certificate"]) is None, 20, "the page answers")
    # The health check trusts this one certificate and no other.
    assert page_trouble(told, make_certificate(tmp_path)["certificate"]) == NO_ANSWER

    context = ssl.create_default_context(cadata=secret["certificate"])
    context.check_hostname = False
    connection = http.client.HTTPSConnection("127.0.0.1", cluster.web_port, context=context)
    form = "username=locust&password=right-password"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/cluster/login", form, headers)
    reply = connection.getresponse()
    assert reply.status == 303
    assert "Secure" in reply.headers["Set-Cookie"]
    connection.close()
