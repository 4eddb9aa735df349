"""How `Host` and `Origin` are read."""

import pytest

from locust_cluster.common.host_names import Place, is_loopback, normal_host, read_host, read_origin


@pytest.mark.parametrize(
    ("header", "place"),
    [
        ("load.example:8089", ("load.example", "8089")),
        ("LOAD.Example.", ("load.example", "")),
        ("[::1]:8089", ("::1", "8089")),
        ("[0:0::1]", ("::1", "")),
        ("127.0.0.1", ("127.0.0.1", "")),
        ("", None),
        ("localhost@evil.example", None),
        ("evil.example/localhost", None),
        ("localhost evil.example", None),
        ("::1", None),
        ("localhost:80:80", None),
    ],
)
def test_reads_host(header: str, place: Place | None) -> None:
    assert read_host(header) == place


@pytest.mark.parametrize(
    ("header", "place"),
    [
        ("http://load.example:8089", ("load.example", "8089")),
        ("https://[::1]", ("::1", "")),
        ("null", None),
        ("", None),
        ("load.example", None),
        ("file://", None),
        ("chrome-extension://localhost", None),
    ],
)
def test_reads_origin(header: str, place: Place | None) -> None:
    assert read_origin(header) == place


def test_knows_loopback_and_what_only_looks_like_it() -> None:
    for host in ("localhost", "127.0.0.1", "127.9.9.9", "::1"):
        assert is_loopback(host)
    for host in ("localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0", "10.0.0.1"):  # noqa: S104
        assert not is_loopback(host)
    assert normal_host("LocalHost.") == "localhost"
