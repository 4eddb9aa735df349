"""Rows of a CSV file, each with one user of all processes:

    from locust_cluster.data import rows

    ACCOUNTS = rows("accounts.csv")

    class Buyer(HttpUser):
        def on_start(self):
            self.account = ACCOUNTS.take()

No two users have the same row at the same time, on however many machines they are. When a user ends
or its process is lost, its rows are given to others, after all that nobody has had in this run.
Each run begins with the first row. In Locust without this cluster it is the same, as long as
`locust_cluster` can be imported.
"""

import csv
import sys
from pathlib import Path
from typing import Any

import gevent
from locust import events
from locust.env import Environment

from locust_cluster.plugin.rows.messages import OwnLeases, join
from locust_cluster.plugin.rows.questions import MasterLeases
from locust_cluster.plugin.user_test.current_user import current_user

Row = dict[str, str]
"""A value for each column of the file's first line."""


class RowsError(Exception):
    """No row for this user: one sentence with the reason."""


class Rows:
    """The rows of one file; made by `rows`."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._rows = _read(path)
        self._leases: OwnLeases | MasterLeases | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def take(self) -> Row:
        """A row that no other user has; it stays with the user that calls this until that ends.

        Waits up to 30 s while other users have all rows: they may be ending. Raises RowsError when
        they keep them, or the master does not answer.
        """
        leases = self._leases
        if leases is None:
            raise RowsError(f"{self.name}: call rows() where Locust loads the file, not in a user")
        try:
            index = leases.take(self.name)
        except gevent.Timeout as error:
            raise RowsError(
                f"{self.name}: the master did not answer within {error.seconds} s"
            ) from None
        if index is None:
            raise RowsError(
                f"{self.name}: all {len(self)} rows are with other users: "
                "add rows, or start fewer users"
            )
        user: Any = current_user()
        if user is not None and user.greenlet is not None:
            run = leases.run
            user.greenlet.link(lambda _: leases.give_back(self.name, index, run))
        return dict(self._rows[index])

    def use(self, leases: OwnLeases | MasterLeases) -> None:
        """To be called at `init`."""
        self._leases = leases


_files: dict[str, Rows] = {}


def rows(path: str) -> Rows:
    """The rows of a CSV file in UTF-8, whose first line names the columns.

    `path` is relative to the file that calls this. Raises OSError, and ValueError for a file
    without rows or a row that is longer or shorter than the first line.
    """
    caller = Path(sys._getframe(1).f_globals.get("__file__") or "locustfile.py")
    file = (caller.parent / path).resolve()
    # One name on all machines, whose working copies of the test have different paths.
    here = Path.cwd()
    name = str(file.relative_to(here)) if file.is_relative_to(here) else path
    if not _files:
        events.init.add_listener(_join)
    if name not in _files:
        _files[name] = Rows(name, file)
    return _files[name]


def _join(environment: Environment, **_: object) -> None:
    leases = join(environment, {name: len(each) for name, each in _files.items()})
    for each in _files.values():
        each.use(leases)


def _read(path: Path) -> list[Row]:
    # utf-8-sig: Excel puts a mark at the begin.
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        found = [_checked(row, path.name, reader.line_num) for row in reader]
    if not found:
        raise ValueError(f"{path.name} must have a line with the columns' names, and rows below it")
    return found


def _checked(row: dict[str | Any, str | Any], name: str, line: int) -> Row:
    """csv fills a short row with None and keeps the further cells of a long one under None."""
    further = row.pop(None, [])
    cells = len(further) + sum(cell is not None for cell in row.values())
    if cells != len(row):
        raise ValueError(
            f"{name}, line {line}, must have {len(row)} cells as the first line has, got {cells}: "
            'add what is missing, or put a cell with a comma in it between "'
        )
    return row
