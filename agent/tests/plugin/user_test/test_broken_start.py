"""Masters that cannot start end with one clear sentence, which the agent service can read."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from cluster import USERS, Cluster

pytestmark = pytest.mark.locust

BROKEN: dict[str, tuple[dict[str, object], int, str]] = {
    "syntax": (
        {"files": {"locustfile.py": "import locust\ndef x(:\n"}},
        1,
        "locustfile.py:2: invalid syntax "
        f"(this is Python {sys.version_info.major}.{sys.version_info.minor})",
    ),
    "exception": (
        {"files": {"locustfile.py": "import helper\n" + USERS, "helper.py": "\n1 / 0\n"}},
        1,
        "helper.py:2: ZeroDivisionError: division by zero",
    ),
    "init": (
        {
            "files": {
                "locustfile.py": USERS + "from locust import events\n\n"
                "@events.init.add_listener\ndef f(**_):\n    raise ValueError('no data')\n"
            }
        },
        1,
        "the test fails at 'init': locustfile.py:10: ValueError: no data",
    ),
    "package": (
        {"files": {"locustfile.py": "import faker\n" + USERS}},
        1,
        "locustfile.py:1: no module named 'faker'; add its package to requirements.txt beside "
        "the test, or faker.py to the test's folder",
    ),
    "unknown option in locust.conf": (
        {"files": {"locustfile.py": USERS, "locust.conf": "users = 5\ntenat = acme\n"}},
        2,
        "locust.conf:2: tenat is an option of neither Locust nor the test: "
        "correct it, or declare it in the test",
    ),
    "bad value in pyproject.toml": (
        {"files": {"locustfile.py": USERS, "pyproject.toml": "[tool.locust]\nusers = 'many'\n"}},
        2,
        "pyproject.toml:2: argument -u/--users: invalid int value: 'many'",
    ),
    "missing": ({"files": {"other.py": USERS}}, 2, "launch: there is no locustfile.py in "),
    "option": (
        {"args": ("--headless",)},
        2,
        "launch: '--headless' in locust.extraArgs is set by the cluster itself: remove it",
    ),
    "secret": (
        {"login": "generated", "secret": {}},
        1,
        "is not understood: 'username' is missing",
    ),
    "certificate": ({"https": True}, 2, "https is on, but the cluster's secret holds no cert"),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[int, str, str]]]:
    """Exit code, log and process file of each broken master; two at a time."""

    def run(name: str) -> tuple[int, str, str]:
        cluster = Cluster(tmp_path_factory.mktemp(name), **BROKEN[name][0])  # type: ignore[arg-type]
        try:
            code = cluster.start("master").wait(timeout=30)
            state = (cluster.folder / "master/run/process-1.json").read_text()
            return code, cluster.log(), state
        finally:
            cluster.stop()

    with ThreadPoolExecutor(2) as pool:
        yield dict(zip(BROKEN, pool.map(run, BROKEN), strict=True))


@pytest.mark.parametrize("name", BROKEN)
def test_says_in_a_sentence_why_it_does_not_start(
    broken: dict[str, tuple[int, str, str]], name: str
) -> None:
    _, expected_code, sentence = BROKEN[name]
    code, log, state = broken[name]
    assert code == expected_code
    assert sentence in log.splitlines()[-1]
    assert json.loads(state)["state"] == "failed"
    assert sentence.removeprefix("launch: ") in json.loads(state)["message"]
