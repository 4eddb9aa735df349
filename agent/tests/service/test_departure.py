"""The units of a machine that is about to end."""

import json
from collections.abc import Sequence
from pathlib import Path

from locust_cluster.common.draining import Draining
from locust_cluster.common.iso_time import iso
from locust_cluster.common.process_status import write_process_status
from locust_cluster.service.departure import LEFT_BY_S, Departure

UNITS = ["locust-worker@1.service", "locust-worker@2.service"]
STOP = ["systemctl", "stop", "--no-block", *UNITS]
NOW = 1000.0
"""By the steady clock."""
MARK = Draining("spot", iso(1_764_244_800.0), at=NOW)


def begin(tmp_path: Path) -> tuple[Departure, list[Sequence[str]]]:
    done: list[Sequence[str]] = []
    for index in (1, 2):
        write_process_status(tmp_path / f"process-{index}.json", "connected")
    return Departure(tmp_path, UNITS, done.append), done


def test_units_stop_when_their_processes_have_left(tmp_path: Path) -> None:
    departure, done = begin(tmp_path)
    departure.look(MARK, NOW)
    write_process_status(tmp_path / "process-1.json", "left")
    departure.look(MARK, NOW + 1)
    assert done == []
    write_process_status(tmp_path / "process-2.json", "left")
    departure.look(MARK, NOW + 2)
    departure.look(MARK, NOW + 3)
    assert done == [STOP]
    # Whoever has started them again since: there is no way back.
    departure.look(MARK, NOW + 13)
    assert done == [STOP, STOP]


def test_units_stop_anyway_before_the_machine_ends(tmp_path: Path) -> None:
    departure, done = begin(tmp_path)
    departure.look(MARK, NOW + LEFT_BY_S)
    assert done == []
    departure.look(MARK, NOW + LEFT_BY_S + 1)
    assert done == [STOP]


def test_a_process_that_no_machine_has_is_not_waited_for(tmp_path: Path) -> None:
    """The test may write there."""
    departure, done = begin(tmp_path)
    for index in (1, 2):
        file = tmp_path / f"process-{index}.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), "pid": 2**31}))
    departure.look(MARK, NOW)
    assert done == [STOP]


def test_a_process_that_has_died_is_not_waited_for(tmp_path: Path) -> None:
    departure, done = begin(tmp_path)
    (tmp_path / "process-1.json").unlink()
    write_process_status(tmp_path / "process-2.json", "failed")
    departure.look(MARK, NOW)
    assert done == [STOP]
