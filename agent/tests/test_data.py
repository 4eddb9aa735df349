"""`locust_cluster.data.rows`: each row with one user of all processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cluster import AGENT, Cluster, wait_until
from runs_client import Runs

from locust_cluster.data import _read

TEST = """
from locust import User, constant, task

from locust_cluster.data import rows

ACCOUNTS = rows("data/accounts.csv")


class Buyer(User):
    wait_time = constant(0.2)

    def on_start(self):
        self.account = ACCOUNTS.take()

    @task
    def buy(self):
        self.environment.events.request.fire(
            request_type="GET", name=self.account["name"], response_time=1, response_length=0,
            exception=None, context={})
"""


def files(count: int) -> dict[str, str]:
    names = "".join(f"account-{number},x\n" for number in range(count))
    return {"locustfile.py": TEST, "data/accounts.csv": f"name,password\n{names}"}


def names_of(runs: Runs, run: str) -> set[str]:
    return {row["name"] for row in runs.get(run)["requests"]}


def test_each_user_of_all_processes_has_a_row_of_its_own(
    make_cluster: Callable[..., Cluster],
) -> None:
    cluster = make_cluster(files=files(8))
    cluster.start("master")
    lost = cluster.start("worker", "worker-1")
    cluster.start("worker", "worker-2")
    cluster.wait_for_workers(2)
    runs = Runs(cluster)

    # As many as there are rows: with one twice, another would be missing.
    run = runs.start(user_count=8, spawn_rate=8)
    wait_until(lambda: len(names_of(runs, run)) == 8, 20, "each row is with a user")

    # The users of a lost process are begun anew on the other, with the rows that these had.
    lost.send_signal(signal.SIGKILL)
    cluster.wait_for_workers(1, 30)

    def rates() -> list[float]:
        return [row["requests"] for row in runs.get(run)["requests"]]

    before = rates()
    wait_until(
        lambda: all(now > old for now, old in zip(rates(), before, strict=True)),
        30,
        "each row is with a user again",
    )
    runs.stop(run)
    assert runs.wait_for_end(run)["exceptions"] == 0

    # The next run begins with all rows; one user too many is told why it has none.
    run = runs.start(user_count=9, spawn_rate=9, expect_workers=1)
    wait_until(lambda: len(names_of(runs, run)) == 8, 20, "each row is with a user")
    wait_until(lambda: runs.get(run)["exceptions"] > 0, 45, "one user has none after 30 s")
    runs.stop(run)
    runs.wait_for_end(run)
    assert "all 8 rows are with other users: add rows, or start fewer" in runs.file(
        run, "exceptions.csv"
    )


def test_works_in_locust_without_the_cluster(tmp_path: Path) -> None:
    for name, content in files(3).items():
        path = tmp_path / "tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    options = ["--headless", "-u", "3", "-r", "3", "-t", "2s", "--only-summary"]
    found = subprocess.run(
        [sys.executable, "-m", "locust", "-f", "tests/locustfile.py", *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(AGENT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert all(f"account-{number} " in found.stdout + found.stderr for number in range(3))


@pytest.mark.parametrize(
    ("row", "cells"), [("ada", 1), ("ada,x,y", 3), ('"a\nda","x",,', 4), (",,", 3)]
)
def test_refuses_a_row_with_more_or_fewer_cells_than_columns(
    tmp_path: Path, row: str, cells: int
) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(f"name,password\n\ncleo,x\n{row}\nbob,x\n")
    line = 4 + row.count("\n")
    with pytest.raises(ValueError, match=f"^accounts.csv, line {line}, must have 2 .*got {cells}:"):
        _read(path)


def test_takes_empty_cells_and_cells_with_commas(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text('name,password\n"a,b",\n')
    assert _read(path) == [{"name": "a,b", "password": ""}]
