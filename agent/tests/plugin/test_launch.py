"""`locust_cluster.plugin.launch`: the certificate, and a master that serves it."""

import http.client
import ssl
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from certificate import make_certificate
from cluster import SECRET, Cluster, wait_until

from locust_cluster.common.secret import Secret
from locust_cluster.common.settings import ConfigurationError, read_settings
from locust_cluster.plugin.launch import write_tls_files
from locust_cluster.service.page_health import NO_ANSWER, page_trouble


def test_keeps_the_certificate_key_private(tmp_path: Path) -> None:
    secret = Secret("locust", "p", "t", "s", "CERTIFICATE", "KEY")
    tls = write_tls_files(tmp_path, secret)
    assert stat.S_IMODE(tls.key.stat().st_mode) == 0o600
    assert tls.key.read_text() == "KEY"
    with pytest.raises(ConfigurationError, match="holds no certificate"):
        write_tls_files(tmp_path, replace(secret, certificate_key=None))


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
