"""What somebody has set fleets to by hand, as a file that the agent service reads."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from locust_cluster.common.fleet import Fleet, Scaled
from locust_cluster.common.scaled_fleets import read_scaled, write_scaled

NOON = 1_800_000_000.0

EU = Fleet(region="us-east-1", size=0, max=5, idle=60)
FLEETS = {"eu": EU, "us": EU}
SCALED = {"eu": Scaled(4, NOON), "us": Scaled(0, NOON)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_scaled(tmp_path / "scaled.json", SCALED)
    return tmp_path / "scaled.json"


def test_is_read_as_it_was_written(file: Path) -> None:
    assert read_scaled(file, FLEETS, NOON) == SCALED


def test_says_nothing_of_a_fleet_that_is_gone(file: Path) -> None:
    assert read_scaled(file, {"eu": EU}, NOON) == {"eu": Scaled(4, NOON)}


@pytest.mark.parametrize(
    ("now", "holds"), [(-60, False), (-59, True), (0, True), (59, True), (60, False)]
)
def test_holds_for_idle(file: Path, now: int, holds: bool) -> None:
    """Also while it is of a little later than now: somebody has set the clock back."""
    assert bool(read_scaled(file, FLEETS, NOON + now)) is holds


@pytest.mark.parametrize(
    "fleet",
    [
        *(None, 4, {}, {"machines": 4}, {"at": NOON}),
        *({"machines": -1, "at": NOON}, {"machines": True, "at": NOON}),
        *({"machines": 4, "at": "noon"}, {"machines": 4, "at": float("nan")}),
        {"machines": 4, "at": 10**400},
    ],
)
def test_is_not_half_believed(file: Path, fleet: Any) -> None:
    """The test itself can write there: the service must go on whatever it writes."""
    file.write_text(json.dumps({"eu": fleet, "us": {"machines": 1, "at": NOON}}))
    assert read_scaled(file, FLEETS, NOON) == {}


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "[" * 100_000])
def test_a_damaged_file_says_nothing(file: Path, content: str) -> None:
    file.write_text(content)
    assert read_scaled(file, FLEETS, NOON) == {}


def test_a_link_and_a_fifo_say_nothing(tmp_path: Path, file: Path) -> None:
    """Root reads there, and the folder is that of Locust's user."""
    (tmp_path / "link.json").symlink_to(file)
    os.mkfifo(tmp_path / "fifo.json")
    for name in ("link.json", "fifo.json", "none.json"):
        assert read_scaled(tmp_path / name, FLEETS, NOON) == {}
