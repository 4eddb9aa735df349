"""The generated login, against a real master."""

import socket
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from cluster import SECRET, Cluster, Reply, ask, wait_until

BEARER = {"Authorization": "Bearer right-token"}

RIGHT = {"username": "locust", "password": "right-password"}

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def log_in(cluster: Cluster, form: dict[str, str], source: str = "127.0.0.1") -> Reply:
    return ask(f"{cluster.url}/cluster/login", form=form, source=source)


def cookie_of(reply: Reply) -> str:
    morsels = SimpleCookie(reply.headers["Set-Cookie"]).values()
    return "; ".join(f"{morsel.key}={morsel.value}" for morsel in morsels)


def test_sends_a_browser_to_the_login_page(guarded_cluster: Cluster) -> None:
    reply = ask(guarded_cluster.url + "/")
    assert (reply.status, reply.headers["Location"]) == (302, "/login?next=%2F")
    page = ask(guarded_cluster.url + "/login")
    assert '"username_password_callback": "/cluster/login"' in page.body


def test_admits_the_right_password_and_keeps_the_session(guarded_cluster: Cluster) -> None:
    reply = log_in(guarded_cluster, RIGHT)
    assert (reply.status, reply.headers["Location"]) == (303, "/")
    cookie = {"Cookie": cookie_of(reply)}
    assert ask(guarded_cluster.url + "/", headers=cookie).status == 200
    assert ask(guarded_cluster.url + "/cluster/nodes", headers=cookie).status == 200


def test_sets_a_cookie_that_scripts_and_other_sites_cannot_use(guarded_cluster: Cluster) -> None:
    header = log_in(guarded_cluster, RIGHT).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_refuses_a_forged_session(guarded_cluster: Cluster) -> None:
    cookie = cookie_of(log_in(guarded_cluster, RIGHT))
    forged = {"Cookie": cookie[:-4] + "AAAA"}
    assert ask(guarded_cluster.url + "/cluster/nodes", headers=forged).status == 401


@pytest.mark.parametrize(
    "form",
    [
        {"username": "locust", "password": "wrong"},
        {"username": "wrong", "password": "right-password"},
        {"username": "locust", "password": ""},
        {"username": "locust", "password": "pässword"},
        {},
    ],
)
def test_refuses_anything_else(guarded_cluster: Cluster, form: dict[str, str]) -> None:
    # An address for each: five in a row from one would be too many.
    source = f"127.0.1.{1 + sum(map(len, form.values()))}"
    reply = log_in(guarded_cluster, form, source)
    assert reply.status == 401
    assert reply.json()["error"]["message"] == "Wrong user or password"


def test_shows_a_browser_its_form_again(guarded_cluster: Cluster) -> None:
    form = {"username": "locust", "password": "wrong"}
    url = f"{guarded_cluster.url}/cluster/login"
    reply = ask(url, form=form, headers=BROWSER, source="127.0.1.99")
    assert (reply.status, reply.headers["Location"]) == (303, "/login")
    page = ask(guarded_cluster.url + "/login", headers={"Cookie": cookie_of(reply)})
    assert "Wrong user or password" in page.body


def test_admits_programs_with_the_token_only(guarded_cluster: Cluster) -> None:
    nodes = guarded_cluster.url + "/cluster/nodes"
    assert ask(nodes, headers=BEARER).status == 200
    assert ask(guarded_cluster.url + "/stats/requests", headers=BEARER).status == 200
    for wrong in ("Bearer wrong-token", "Bearer ", "Bearer", "right-token", "Basic right-token"):
        reply = ask(nodes, headers={"Authorization": wrong})
        assert reply.status == 401
        assert reply.json()["error"]["code"] == "login_required"


def test_withstands_a_thousand_wrong_passwords(guarded_cluster: Cluster) -> None:
    attacker, bystander = "127.0.2.1", "127.0.2.2"
    start = time.monotonic()
    statuses = [
        log_in(guarded_cluster, {"username": "locust", "password": f"guess-{n}"}, attacker).status
        for n in range(1000)
    ]
    seconds = time.monotonic() - start
    assert set(statuses) == {401, 429}
    # Five at once, then one every 2 s, whatever the time that a thousand requests take here.
    assert statuses.count(401) <= 5 + seconds / 2 + 1
    assert log_in(guarded_cluster, RIGHT, bystander).status == 303
    refused = log_in(guarded_cluster, RIGHT, attacker)
    if refused.status != 303:
        assert refused.status == 429
        assert int(refused.headers["Retry-After"]) <= 2
    wait_until(
        lambda: log_in(guarded_cluster, RIGHT, attacker).status == 303, 4, "admits the right one"
    )


def test_says_no_secret_without_login(guarded_cluster: Cluster) -> None:
    health = ask(guarded_cluster.url + "/cluster/health")
    known = {"status": "ok", "locust_state": "ready", "worker_count": 2, "dropped_messages": 0}
    assert health.json() == known
    for path in ("/cluster/health", "/cluster/nodes", "/login", "/"):
        body = ask(guarded_cluster.url + path).body
        for name in ("password", "token", "session_key"):
            assert str(SECRET[name]) not in body


def send(cluster: Cluster, path: str, head: str, body: Iterator[bytes], source: str) -> int:
    """Send a request piece by piece until the master answers; returns the status."""
    with socket.create_connection(("127.0.0.1", cluster.web_port), 10, (source, 0)) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode())
        connection.settimeout(0.05)
        for piece in body:
            connection.sendall(piece)
            try:
                return int(connection.recv(4096).split()[1])
            except TimeoutError:
                continue
        connection.settimeout(10)
        return int(connection.recv(4096).split()[1])


FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.mark.parametrize(
    ("path", "length"),
    [("/cluster/login", 4097), ("/cluster/runs", (1 << 20) + 1), ("/swarm", 1 << 40)],
)
def test_refuses_a_long_body_before_it_is_sent(
    guarded_cluster: Cluster, path: str, length: int
) -> None:
    head = f"{FORM}Authorization: Bearer right-token\r\nContent-Length: {length}"
    assert send(guarded_cluster, path, head, iter(()), "127.0.3.1") == 413


def test_stops_reading_a_body_without_a_length(guarded_cluster: Cluster) -> None:
    # A file in a form, which werkzeug would keep in /tmp.
    head = "Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked"
    begin = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    pieces = [begin, *([b"a" * 1024] * 64)]
    chunks = (f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces)
    assert send(guarded_cluster, "/cluster/login", head, chunks, "127.0.3.2") == 413


def test_counts_forms_that_are_too_long_as_attempts(guarded_cluster: Cluster) -> None:
    attacker, bystander = "127.0.3.3", "127.0.3.4"
    for _ in range(6):
        send(guarded_cluster, "/cluster/login", f"{FORM}Content-Length: 9999", iter(()), attacker)
    wrong = {"username": "locust", "password": "wrong"}
    assert log_in(guarded_cluster, wrong, attacker).status == 429
    assert log_in(guarded_cluster, RIGHT, bystander).status == 303
