"""The master tells the agent service what its run needs, as long as it lives."""

import json
from pathlib import Path
from typing import Any

import pytest

from locust_cluster.common.run_needs import RunNeeds
from locust_cluster.plugin.needs_reporter import NeedsReporter

NEEDS = RunNeeds("20261121-110432", 0, {"eu": 2})


class Told:
    """A reporter, and the file that it writes."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "needs.json"
        self.needs: RunNeeds | None = None
        self.reporter = NeedsReporter(self.file, lambda: self.needs)

    def at(self, now: float, needs: RunNeeds | None, is_first: bool = False) -> Any:
        """What was written then; None if nothing was."""
        before = self.file.stat().st_ino if self.file.exists() else None
        self.needs = needs
        self.reporter.look(now, is_first)
        if not self.file.exists() or self.file.stat().st_ino == before:
            return None
        return json.loads(self.file.read_text())


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path)


def test_writes_every_change_at_once_and_the_same_again_every_five_seconds(told: Told) -> None:
    assert told.at(0, None, is_first=True) is None
    assert told.at(1, NEEDS)["machines"] == {"eu": 2}
    assert told.at(2, NEEDS) is None
    assert told.at(5.9, NEEDS) is None
    assert told.at(6, NEEDS)["run"] == NEEDS.run
    assert told.at(7, RunNeeds(NEEDS.run, 0, {"eu": 2}, 60))["ends"] == 60


def test_removes_it_when_the_run_is_over(told: Told) -> None:
    told.at(1, NEEDS)
    assert told.at(2, None) is None
    assert not told.file.exists()
    assert told.at(3, None) is None


def test_a_new_master_does_not_leave_what_the_one_before_has_needed(told: Told) -> None:
    told.file.write_text("{}")
    told.at(0, None, is_first=True)
    assert not told.file.exists()


def test_a_disk_that_cannot_be_written_is_tried_again(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("locust_cluster.plugin.needs_reporter.write_run_needs", full)
        assert told.at(1, NEEDS) is None
    assert told.at(2, NEEDS)["run"] == NEEDS.run
