"""What users bring with their tests must go on working, and must not break the cluster.

Each case is a real master; all are started together, for a start takes a second.
"""

from collections.abc import Iterator

import pytest
from cluster import USERS, Cluster, Reply, ask

pytestmark = pytest.mark.locust

EXTENDED_PAGE = """
import store
from flask import Blueprint
from locust import User, events

extension = Blueprint("extension", __name__)


@extension.route("/my-page")
def my_page():
    return store.NAME


@events.init.add_listener
def on_init(environment, **kwargs):
    if environment.web_ui:
        environment.web_ui.app.register_blueprint(extension)


class Idle(User):
    pass
"""

# As in Locust's documentation of --web-login, with a password of its own and no key.
OWN_LOGIN = """
import os

from flask import redirect, request, session, url_for
from flask_login import UserMixin, login_user
from locust import User, events


class Person(UserMixin):
    def __init__(self, name):
        self.name = name

    def get_id(self):
        return self.name


@events.init.add_listener
def on_init(environment, **kwargs):
    web_ui = environment.web_ui
    if not web_ui:
        return
    if web_ui.web_login:
        web_ui.app.config["SECRET_KEY"] = os.getenv("FLASK_SECRET_KEY")
        web_ui.login_manager.user_loader(Person)
        web_ui.auth_args = {"username_password_callback": "/login_submit"}

    @web_ui.app.route("/login_submit", methods=["POST"])
    def login_submit():
        if request.form["password"] == "my-own-password":
            login_user(Person(request.form["username"]))
            return redirect(url_for("locust.index"))
        return "not yours", 403


class Idle(User):
    pass
"""

OWN_LOADER = """

@events.init.add_listener
def load_by_header(environment, **kwargs):
    def load(request):
        name = request.headers.get("X-Person")
        return Person(name) if name else None

    if environment.web_ui:
        environment.web_ui.login_manager.request_loader(load)
"""

HEADLESS = "headless = true\nautostart = true\nprocesses = 2\nusers = 7\n"

HEADLESS_TOML = "[tool.locust]\nheadless = true\nmaster-bind-port = 1\n"

Masters = dict[str, Cluster]

FILES = {
    "extended": {"locustfile.py": EXTENDED_PAGE, "store.py": 'NAME = "the store of the test"\n'},
    "own-login": {"locustfile.py": OWN_LOGIN},
    "own-login-custom": {"locustfile.py": OWN_LOGIN},
    "own-loader": {"locustfile.py": OWN_LOGIN + OWN_LOADER},
    "headless": {"locustfile.py": USERS, "locust.conf": HEADLESS, "pyproject.toml": HEADLESS_TOML},
}

LOGIN = {"own-login": "generated", "own-login-custom": "custom", "own-loader": "custom"}

VARIABLES = {
    "headless": {"LOCUST_HEADLESS": "true", "LOCUST_WEB_PORT": "1"},
    "own-login-custom": {"FLASK_SECRET_KEY": "the user's key"},
}


@pytest.fixture(scope="module")
def masters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Masters]:
    started: Masters = {}
    try:
        for name, files in FILES.items():
            folder = tmp_path_factory.mktemp(name)
            started[name] = Cluster(
                folder, files, login=LOGIN.get(name, "none"), environ=VARIABLES.get(name, {})
            )
            if name == "headless":
                (folder / "home/.locust.conf").write_text("headless = true\n")
            started[name].start("master")
        for cluster in started.values():
            cluster.wait_for_page()
        yield started
    finally:
        for cluster in started.values():
            cluster.stop()


def submit(cluster: Cluster, path: str, name: str, password: str) -> Reply:
    return ask(cluster.url + path, form={"username": name, "password": password})


def test_keeps_a_page_extended_by_a_blueprint(masters: Masters) -> None:
    assert ask(masters["extended"].url + "/my-page").status == 200
    assert ask(masters["extended"].url + "/cluster/nodes").status == 200


def test_keeps_a_route_that_users_often_have(masters: Masters) -> None:
    reply = submit(masters["own-login"], "/login_submit", "me", "wrong")
    assert (reply.status, reply.body) == (403, "not yours")


def test_asks_for_the_generated_login_although_the_test_has_its_own(masters: Masters) -> None:
    cluster = masters["own-login"]
    theirs = submit(cluster, "/login_submit", "me", "my-own-password")
    cookie = {"Cookie": theirs.headers["Set-Cookie"].split(";")[0]}
    assert ask(cluster.url + "/", headers=cookie).status == 302
    ours = submit(cluster, "/cluster/login", "locust", "right-password")
    cookie = {"Cookie": ours.headers["Set-Cookie"].split(";")[0]}
    assert ask(cluster.url + "/", headers=cookie).status == 200


def test_leaves_a_custom_login_to_the_test(masters: Masters) -> None:
    cluster = masters["own-login-custom"]
    assert submit(cluster, "/cluster/login", "locust", "right-password").status == 404
    theirs = submit(cluster, "/login_submit", "me", "my-own-password")
    cookie = {"Cookie": theirs.headers["Set-Cookie"].split(";")[0]}
    assert ask(cluster.url + "/", headers=cookie).status == 200
    assert ask(cluster.url + "/cluster/nodes", headers=cookie).status == 200
    assert ask(cluster.url + "/cluster/nodes").status == 401
    token = {"Authorization": "Bearer right-token"}
    assert ask(cluster.url + "/cluster/nodes", headers=token).status == 200


def test_keeps_the_token_beside_a_request_loader_of_the_test(masters: Masters) -> None:
    cluster = masters["own-loader"]
    # The test takes its key from a variable that is not set; its sessions work all the same.
    theirs = submit(cluster, "/login_submit", "me", "my-own-password")
    cookie = {"Cookie": theirs.headers["Set-Cookie"].split(";")[0]}
    for headers in (cookie, {"X-Person": "me"}, {"Authorization": "Bearer right-token"}):
        assert ask(cluster.url + "/cluster/nodes", headers=headers).status == 200
    assert ask(cluster.url + "/cluster/nodes").status == 401


def test_does_not_shadow_a_module_of_the_test(masters: Masters) -> None:
    assert ask(masters["extended"].url + "/my-page").body == "the store of the test"


def test_serves_the_page_whatever_locust_is_configured_to(masters: Masters) -> None:
    assert ask(masters["headless"].url + "/").status == 200
    health = ask(masters["headless"].url + "/cluster/health").json()
    assert health["locust_state"] == "ready"


def test_says_which_line_it_ignored(masters: Masters) -> None:
    log = masters["headless"].log()
    # Of ~/.locust.conf, locust.conf and pyproject.toml, each once.
    assert log.count("ignored 'headless' in ") == 3
    assert "locust.conf: the cluster sets it itself" in log
    assert "'processes'" in log
    assert "'users'" not in log
    # The options that are the user's own still count.
    assert '"num_users": 7' in ask(masters["headless"].url + "/").body


def test_shows_the_name_of_the_test_and_not_of_the_hook(masters: Masters) -> None:
    page = ask(masters["extended"].url + "/").body
    assert '"locustfile": "locustfile.py"' in page
    assert "locust_cluster_hooks" not in page
