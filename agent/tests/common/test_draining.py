"""The mark of a machine that is about to end."""

import json
from pathlib import Path

import pytest

from locust_cluster.common import draining
from locust_cluster.common.draining import Draining, describe, read_draining, write_draining
from locust_cluster.common.iso_time import from_iso

NOTICED, ENDS = "2026-11-27T12:00:00.000Z", "2026-11-27T12:02:00.000Z"


def test_holds_until_the_machine_starts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_draining(tmp_path) is None
    mark = Draining("spot", NOTICED, ENDS)
    write_draining(tmp_path, mark)
    assert read_draining(tmp_path) == mark
    (tmp_path / "boot").write_text("another\n")
    monkeypatch.setattr(draining, "BOOT_ID", tmp_path / "boot")
    assert read_draining(tmp_path) is None


@pytest.mark.parametrize(
    "change",
    [{"cause": "boredom"}, {"noticed": "soon"}, {"ends": 12}, {"at": "x"}, {"more": 1}],
    ids=str,
)
def test_is_none_when_it_is_damaged(tmp_path: Path, change: dict[str, object]) -> None:
    write_draining(tmp_path, Draining("group", NOTICED))
    file = tmp_path / draining.DRAINING_FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    assert read_draining(tmp_path) is None
    for text in ("", "[]", "{}"):
        file.write_text(text)
        assert read_draining(tmp_path) is None


def test_whoever_sets_the_clock_changes_no_end(tmp_path: Path) -> None:
    write_draining(tmp_path, Draining("spot", NOTICED, ENDS, at=100.0))
    mark = read_draining(tmp_path)
    assert mark is not None
    assert mark.now(130.0) == from_iso(NOTICED) + 30


def test_is_told_in_words() -> None:
    spot = "AWS ends this machine at 2026-11-27T12:02:00.000Z (spot notice)"
    assert describe(Draining("spot", NOTICED, ENDS)) == spot
    group = "AWS ends this machine (by its Auto Scaling group)"
    assert describe(Draining("group", NOTICED)) == group
