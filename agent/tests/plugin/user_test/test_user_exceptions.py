"""What users raise reads the same on every worker."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from locust.env import Environment
from locust.runners import WorkerRunner
from worker_messages import frames

from locust_cluster.plugin.incoming.messages import read_message
from locust_cluster.plugin.user_test.user_exceptions import relative, report_exceptions


def test_makes_paths_of_the_test_relative(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    folder = tmp_path / "link"
    text = f'  File "{folder}/a.py", line 1\n  File "{folder.resolve()}/b/c.py", line 2\n'
    library = '  File "/opt/venv/locust/user/task.py", line 3\n'
    assert relative(text + library, folder) == (
        '  File "a.py", line 1\n  File "b/c.py", line 2\n' + library
    )


def test_what_a_user_raises_is_short_enough_for_the_master(tmp_path: Path) -> None:
    sent: list[tuple[str, Any]] = []
    runner: Any = SimpleNamespace(
        start_worker=None, send_message=lambda *message: sent.append(message)
    )
    environment = Environment()
    report_exceptions(environment, cast(WorkerRunner, runner), tmp_path)
    environment.events.user_error.fire(
        user_instance=None, exception=ValueError("x" * (2 << 20) + "\udcff"), tb=None
    )
    assert read_message(frames(*sent[0]), ())[1].data["msg"] == "x" * 4000 + "… (cut)"


def test_tells_the_master_of_users_that_cannot_be_created(tmp_path: Path) -> None:
    sent: list[tuple[str, Any]] = []

    def start_worker(_: dict[str, int]) -> None:
        raise OSError("no such basket")

    runner: Any = SimpleNamespace(
        start_worker=start_worker, send_message=lambda *message: sent.append(message)
    )
    report_exceptions(Environment(), cast(WorkerRunner, runner), tmp_path)
    with pytest.raises(OSError, match="no such basket"):
        runner.start_worker({"Buyer": 1})
    ((kind, data),) = sent
    assert (kind, data["msg"]) == ("exception", "no such basket")
    assert "in start_worker" in data["traceback"]
