"""What a new master does with the runs of the one before."""

import json
from pathlib import Path
from typing import Any

import pytest
from run_states import ROW, begun

from locust_cluster.common.iso_time import iso
from locust_cluster.runs import timeline
from locust_cluster.runs.archive import Archive
from locust_cluster.runs.recovery import REASON, recover
from locust_cluster.runs.verdicts import NEVER_JUDGED


def test_marks_what_was_running_as_interrupted(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    folder = begun(archive, 1000, "running")
    verdict = {"expression": "p95 < 1s", "passed": None, "message": "not judged yet"}
    folder.write_run({**(folder.document() or {}), "verdicts": [verdict]})
    row = {**ROW, "time": iso(1033)}
    folder.append("timeline.csv", timeline.header(ROW), timeline.to_line(row))
    done = begun(archive, 2000, "cancelled")
    before = done.document()
    assert recover(Archive(tmp_path), 5000) is None
    document = folder.document()
    assert document is not None
    assert (document["state"], document["reason"]) == ("interrupted", REASON)
    assert document["states"][-1] == {
        **{"state": "interrupted", "time": iso(5000), "reason": REASON},
    }
    assert document["ended"] == iso(1033)
    assert document["progress"] == {"elapsed_s": 33, "run_time_s": 60, "phase": "over"}
    assert [each["message"] for each in document["verdicts"]] == [NEVER_JUDGED]
    assert done.document() == before


@pytest.mark.parametrize("figures", [None, {}, {"eu": {"users_max": 4, "now": {"users": 3}}}])
def test_no_fleet_has_a_present_load_in_an_interrupted_run(
    tmp_path: Path, figures: dict[str, Any] | None
) -> None:
    folder = begun(Archive(tmp_path), 1000, "running")
    more = {} if figures is None else {"fleet_figures": figures}
    folder.write_run({**(folder.document() or {}), **more})
    recover(Archive(tmp_path), 5000)
    expected = figures and {"eu": {"users_max": 4, "now": None}}
    assert (folder.document() or {}).get("fleet_figures") == expected


def test_goes_on_waiting_for_the_newest_run_that_waits(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    old, new = begun(archive, 1000, "waiting"), begun(archive, 2000, "waiting")
    found = recover(archive, 3000)
    assert found is not None
    assert found.folder.id == new.id
    assert (old.document() or {})["state"] == "interrupted"


NOT_OF_THIS_RUN = [
    *("", "{", "[]", '{"state"', "{}", "[" * 200_000),
    '{"state": [], "id": "19700101-001640"}',
    '{"state": "gone", "id": "19700101-001640"}',
    '{"state": "running"}',
    '{"state": "running", "id": "19700101-001641"}',
]


@pytest.mark.parametrize("content", NOT_OF_THIS_RUN)
def test_passes_over_a_folder_without_a_readable_run(tmp_path: Path, content: str) -> None:
    archive = Archive(tmp_path)
    folder = begun(archive, 1000, "running")
    (folder.path / "run.json").write_text(content)
    assert list(archive.documents()) == []
    assert recover(archive, 2000) is None


def test_a_damaged_run_keeps_no_other_from_its_end(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    whole, damaged = begun(archive, 1000, "running"), begun(archive, 2000, "running")
    (damaged.path / "run.json").write_text(json.dumps({"state": "running", "id": damaged.id}))
    assert recover(archive, 3000) is None
    assert (whole.document() or {})["state"] == "interrupted"
