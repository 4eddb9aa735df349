"""What other web sites may ask of the page: headers as browsers send them, against real masters."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from cluster import Cluster, ask

BEARER = {"Authorization": "Bearer right-token"}

METADATA = {"public-ipv4": "203.0.113.7", "public-hostname": "ec2-203-0-113-7.example"}


class Metadata(BaseHTTPRequestHandler):
    """EC2's metadata service, as far as IMDSv2 is asked for names."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        self.answer(200, "a-token")

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[1]
        known = self.headers["X-aws-ec2-metadata-token"] == "a-token" and name in METADATA
        self.answer(*((200, METADATA[name]) if known else (404, "not found")))

    def answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def open_master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The master of a machine, without a login."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Metadata)
    Thread(target=server.serve_forever, daemon=True).start()
    machine = {
        "CLUSTER_STORE": "s3://a-bucket",
        "CLUSTER_PRIVATE_IP": "10.77.0.4",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://127.0.0.1:{server.server_port}/",
    }
    cluster = Cluster(
        tmp_path_factory.mktemp("open"), environ=machine, host_names=("Load.Example", "fd00::7")
    )
    try:
        cluster.start("master")
        cluster.wait_for_page()
        yield cluster
    finally:
        cluster.stop()
        server.shutdown()
        server.server_close()


def reset(cluster: Cluster, **headers: str) -> tuple[int, str]:
    """Ask for a change that harms nobody. Gives the status and our code."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = ask(f"{cluster.url}/stats/reset", form={}, headers={**BEARER, **named})
    return reply.status, "" if reply.status == 200 else reply.json()["error"]["code"]


def look(cluster: Cluster, host: str) -> int:
    return ask(f"{cluster.url}/cluster/health", headers={"Host": host}).status


def test_serves_its_own_page_and_programs(guarded_cluster: Cluster) -> None:
    own = guarded_cluster.url
    assert reset(guarded_cluster)[0] == 200
    assert reset(guarded_cluster, Origin=own)[0] == 200
    assert reset(guarded_cluster, Origin=own, Sec_Fetch_Site="same-origin")[0] == 200
    # By another name of the same master, as in an address bar.
    assert reset(guarded_cluster, Host="shop:8089", Origin="http://SHOP:8089")[0] == 200
    report = ask(f"{own}/stats/report?download=1", headers={**BEARER, "Sec-Fetch-Site": "none"})
    assert report.status == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "null",
        "",
        "file://",
    ],
)
def test_refuses_every_other_origin(guarded_cluster: Cluster, origin: str) -> None:
    other = origin.format(port=guarded_cluster.web_port)
    assert reset(guarded_cluster, Origin=other) == (403, "other_site")
    # Nor may it read, where a test grants that to everyone again.
    headers = {**BEARER, "Origin": other}
    assert ask(f"{guarded_cluster.url}/stats/requests", headers=headers).status == 403


def test_refuses_what_the_browser_calls_cross_site(guarded_cluster: Cluster) -> None:
    assert reset(guarded_cluster, Sec_Fetch_Site="cross-site") == (403, "other_site")
    # A link from elsewhere opens the page.
    headers = {**BEARER, "Sec-Fetch-Site": "cross-site"}
    assert ask(f"{guarded_cluster.url}/", headers=headers).status == 200


def test_grants_no_site_its_answers(guarded_cluster: Cluster) -> None:
    for origin in (guarded_cluster.url, "http://evil.example"):
        reply = ask(f"{guarded_cluster.url}/cluster/health", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.mark.locust
def test_answers_to_its_own_names_without_a_login(open_master: Cluster) -> None:
    for host in ("localhost", "LOCALHOST.", "127.0.0.1", "[::1]", "10.77.0.4", *METADATA.values()):
        assert (host, look(open_master, f"{host}:8089")) == (host, 200)
        assert (host, look(open_master, host)) == (host, 200)


@pytest.mark.locust
def test_answers_to_configured_names(open_master: Cluster) -> None:
    for host in ("load.example", "LOAD.example.", "load.example:443", "[FD00::7]:8089"):
        assert (host, look(open_master, host)) == (host, 200)
    # Behind a proxy that ends TLS and puts in another Host.
    assert reset(open_master, Host="10.77.0.4:8089", Origin="https://load.example")[0] == 200


@pytest.mark.locust
def test_answers_to_no_other_name_without_a_login(open_master: Cluster) -> None:
    for host in ("evil.example", "localhost.evil.example", "203.0.113.8", "localhost@evil.example"):
        assert (host, look(open_master, host)) == (host, 403)
    # Page and site are the same for the browser: it sends the Origin that it sees.
    rebound = reset(open_master, Host="evil.example:8089", Origin="http://evil.example:8089")
    assert rebound == (403, "unknown_host")


def test_answers_to_loopback_only_in_a_local_cluster(
    make_cluster: Callable[..., Cluster],
) -> None:
    local = make_cluster(environ={"CLUSTER_PRIVATE_IP": "10.77.0.4"})
    local.start("master")
    local.wait_for_page()
    assert look(local, "localhost:8089") == 200
    assert look(local, "10.77.0.4") == 403
    assert look(local, "evil.example") == 403
