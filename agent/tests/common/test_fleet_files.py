"""What Locust's master and the agent service tell each other about fleets."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from locust_cluster.common.fleet import Need
from locust_cluster.common.fleet_supply import FleetSupply, Supply, read_supply, write_supply
from locust_cluster.common.run_needs import RunNeeds, Silence, read_run_needs, write_run_needs

RUN = "20261121-110432-checkout"

NOON = 1_800_000_000.0

NEEDS = RunNeeds(RUN, NOON, {"eu": 10, "us": 0}, NOON + 600)

SUPPLY = Supply(RUN, {"eu": FleetSupply(4, "no capacity", None), "us": FleetSupply(None, None)})


def written_at(file: Path, time: float, **changes: Any) -> Path:
    file.write_text(json.dumps({**json.loads(file.read_text()), "time": time, **changes}))
    return file


@pytest.fixture
def needs(tmp_path: Path) -> Path:
    write_run_needs(tmp_path / "needs.json", NEEDS, 100.0)
    return tmp_path / "needs.json"


@pytest.fixture
def supply(tmp_path: Path) -> Path:
    write_supply(tmp_path / "fleets.json", SUPPLY, 100.0)
    return tmp_path / "fleets.json"


def test_what_a_run_needs_is_read_as_it_was_written(needs: Path) -> None:
    read = read_run_needs(needs, 101, NOON)
    assert read == NEEDS
    assert NEEDS.of("eu") == Need(RUN, 10, NOON, NOON + 600)
    assert NEEDS.of("asia") == Need(RUN, None, NOON, NOON + 600)


def test_what_aws_gives_is_read_as_it_was_written(supply: Path) -> None:
    assert read_supply(supply, 101) == SUPPLY


@pytest.mark.parametrize(("now", "is_believed"), [(100, True), (160, True), (161, False)])
def test_a_master_that_is_silent_has_not_said_that_its_run_is_over(
    needs: Path, now: float, is_believed: bool
) -> None:
    assert read_run_needs(needs, now, NOON) == (NEEDS if is_believed else Silence())


@pytest.mark.parametrize(("now", "is_believed"), [(100, True), (250, True), (251, False)])
def test_the_answer_of_a_service_that_is_silent_is_forgotten(
    supply: Path, now: float, is_believed: bool
) -> None:
    assert (read_supply(supply, now) == SUPPLY) is is_believed
    assert read_supply(supply, now) in (SUPPLY, Supply())


def test_nothing_is_believed_of_before_a_start_of_the_machine(needs: Path, supply: Path) -> None:
    assert read_run_needs(needs, 99, NOON) == Silence()
    assert read_supply(supply, 99) == Supply()


HUGE = "1" + "0" * 400
"""An integer that no float holds."""

DAMAGED = [
    *("", "{", "[]", "null", "1", "[" * 100_000),
    *('{"time": true}', '{"time": NaN}', f'{{"time": {HUGE}}}', f'{{"time": -{HUGE}}}'),
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_says_nothing(needs: Path, supply: Path, content: str) -> None:
    for file in (needs, supply):
        file.write_text(content)
    assert read_run_needs(needs, 100, NOON) == Silence()
    assert read_supply(supply, 100) == Supply()


@pytest.mark.parametrize(
    "change",
    [
        {"run": None},
        {"run": "../../etc"},
        {"since": "noon"},
        {"since": float("inf")},
        {"machines": None},
        {"machines": {"eu": -1}},
        {"machines": {"eu": True}},
        {"machines": {"eu": 1.5}},
        {"since": 10**400},
        {"ends": 10**400},
        {"ends": "late"},
        {"ends": float("nan")},
    ],
)
def test_no_need_is_half_believed(needs: Path, change: dict[str, Any]) -> None:
    """The test itself can write there: the service must go on whatever it writes."""
    assert read_run_needs(written_at(needs, 100, **change), 100, NOON) == Silence()


def test_a_run_that_ends_in_years_has_no_end(needs: Path) -> None:
    far = read_run_needs(written_at(needs, 100, ends=1e300), 100, NOON)
    assert isinstance(far, RunNeeds)
    assert far.ends is None


@pytest.mark.parametrize(
    "fleet", [None, {"started": -1}, {"started": "4"}, {"problem": 1}, {"kept": []}]
)
def test_no_answer_is_half_believed(supply: Path, fleet: Any) -> None:
    assert read_supply(written_at(supply, 100, fleets={"eu": fleet}), 100) == Supply()


def test_a_link_and_a_fifo_say_no_need(tmp_path: Path, needs: Path) -> None:
    """Root reads there, and the folder is that of Locust's user."""
    (tmp_path / "link.json").symlink_to(needs)
    os.mkfifo(tmp_path / "fifo.json")
    assert read_run_needs(tmp_path / "link.json", 100, NOON) == Silence()
    assert read_run_needs(tmp_path / "fifo.json", 100, NOON) == Silence()
    assert read_run_needs(tmp_path / "none.json", 100, NOON) is None
    assert read_supply(tmp_path / "nowhere" / "fleets.json", 100) == Supply()


def test_only_a_file_that_is_removed_says_that_no_run_is_there(needs: Path) -> None:
    needs.unlink()
    assert read_run_needs(needs, 100, NOON) is None
    needs.mkdir()
    assert read_run_needs(needs, 100, NOON) == Silence()
