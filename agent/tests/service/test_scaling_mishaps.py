"""Fleets of a master whose files are damaged, cannot be written, or grow old."""

import json
from pathlib import Path

import pytest
from scaling_master import EU, NOON, RUN, Account, Master, full, state

from locust_cluster.common.fleet_supply import FleetSupply, Supply


@pytest.fixture
def master(tmp_path: Path) -> Master:
    return Master(tmp_path, Account(eu=0))


def test_a_damaged_manifest_changes_no_fleet(master: Master) -> None:
    master.look(0)
    (master.folder / "current.json").write_text("{")
    assert master.look(60) == []
    assert master.scaling.state == {"eu": state(2, started=0)}


def test_a_run_whose_master_was_started_again_keeps_its_machines(master: Master) -> None:
    master.need(eu=4)
    master.look(0)
    master.start()
    assert master.look(1) == []
    master.need_nothing()
    assert master.look(2) == []
    assert json.loads((master.folder / "demands.json").read_text()) == {
        "eu": {
            **{"machines": 4, "asked_by": RUN, "until": NOON + 302},
            "need": {"run": RUN, "machines": 4, "since": NOON, "ends": None},
        }
    }


@pytest.mark.parametrize(
    "content",
    [
        *("{", "[]", '{"eu": 3}', '{"eu": {"machines": "3"}}'),
        *('{"eu": {"machines": 3, "asked_by": ""}}', f'{{"eu": {{"until": 1{"0" * 400}}}}}'),
    ],
)
def test_a_damaged_memory_is_forgotten(master: Master, content: str) -> None:
    (master.folder / "demands.json").write_text(content)
    master.start()
    assert master.look(0) == [("eu", 2)]


def test_a_full_disk_stops_neither_the_machines_nor_the_answer(
    master: Master, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    master.look(0)
    master.need(eu=4)
    with monkeypatch.context() as patch:
        patch.setattr("locust_cluster.service.demands.write_json", full)
        assert master.look(1) == [("eu", 4)]
        assert master.supply == Supply(RUN, {"eu": FleetSupply(2, None, None)})
        patch.setattr("locust_cluster.service.scaling.write_supply", full)
        master.need_nothing()
        # They stay for a run that may follow.
        assert master.look_at(10, 70, 130) == []
    told = [line for line in capsys.readouterr().err.splitlines() if "set to" not in line]
    assert told == [f"agent: fleets: cannot write {master.folder}: No space left on device"]
    # The next look tries again, and the next agent knows.
    master.look(131)
    assert master.supply == Supply(None, {"eu": FleetSupply(4, None, None)})
    master.start()
    assert master.look_at(132, 249, 310) == [(310, "eu", 2)]


HUGE = f'{{"time": 1{"0" * 400}}}'


@pytest.mark.parametrize("content", ["{", HUGE])
def test_a_damaged_file_of_the_test_takes_no_machine_from_it(master: Master, content: str) -> None:
    master.need(eu=4)
    master.look(0)
    master.is_alive = False
    for name in ("needs.json", "scaled.json"):
        (master.folder / name).write_text(content)
    # It may be over: they leave when AWS would take them back itself.
    assert master.look_at(1, 61, 121) == []
    assert master.account.back == {"eu": (2, 421)}
    assert master.look_at(301, 361, 421) == [(301, "eu", 2)]


def test_a_master_that_is_silent_in_a_run_loses_no_machine(master: Master) -> None:
    """While a test reads a big file in `test_start`, or a slow one starts again."""
    master.need(eu=4, ends=900)
    master.test(True)
    master.look(0)
    master.is_alive = False
    assert master.look_at(61, 600) == []
    assert master.account.back == {"eu": (2, 1200)}
    master.is_alive = True
    assert master.look_at(700) == []
    assert master.supply.run == RUN
    master.need_nothing()
    master.test(False)
    assert master.look_at(910, 1149, 1210) == [(1210, "eu", 2)]


def test_a_master_that_is_silent_for_good_keeps_them_until_the_way_back(master: Master) -> None:
    master.tell({"eu": {**EU, "idle": 0}})
    master.need(eu=4, ends=900)
    master.look(0)
    master.is_alive = False
    told = master.look_at(*range(10, 1500, 10))
    assert told == [(900, "eu", 2)]
    assert master.account.back == {}


def test_a_fleet_that_is_gone_is_answered_no_more(master: Master) -> None:
    master.need(eu=4)
    master.look(0)
    master.tell({})
    assert master.look(2) == []
    assert master.supply == Supply()
    assert master.scaling.state == {}
    assert json.loads((master.folder / "demands.json").read_text()) == {}
