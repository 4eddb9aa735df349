"""A run that asks fleets for machines."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest
from awaited_fleets import machine
from idle_master import IdleMaster

from locust_cluster.runs.archive import Archive, RunFolder
from locust_cluster.runs.recovery import recover
from locust_cluster.runs.request_error import RequestError
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_fleets import NOT_ASKED, needs_of


@pytest.fixture
def master(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdleMaster]:
    monkeypatch.setattr("locust_cluster.runs.driver.LOOK_EVERY_S", 0.01)
    made = IdleMaster(tmp_path)
    yield made
    made.controller.quitting()


def until(condition: Callable[[], object]) -> None:
    with gevent.Timeout(5):
        while not condition():
            gevent.sleep(0.01)


def states(run: Run) -> list[str]:
    return [each["state"] for each in run.lifecycle.history]


def test_scales_until_its_machines_have_joined_and_then_begins(master: IdleMaster) -> None:
    run = master.start(run_time=60)
    assert run.lifecycle.now == "scaling"
    needs = needs_of(master.controller.active)
    assert needs
    assert (needs.run, needs.machines) == (run.id, {"eu": 2})
    none = "fleet eu: 0 of 2 machines joined"
    until(lambda: run.lifecycle.reason == f"{none}: {NOT_ASKED}")
    assert not master.controller.is_busy

    master.answer(run, 1, problem="AWS has no capacity")
    until(lambda: run.lifecycle.reason == f"{none}: AWS has no capacity")
    assert master.on_disk(run)["fleets"] == {
        "eu": {
            **{"asked": 2, "started": 1, "joined": 0},
            **{"problem": "AWS has no capacity", "kept": None},
        }
    }
    master.nodes = [machine(processes=2)]
    until(lambda: "1 of 2 machines joined" in (run.lifecycle.reason or ""))
    master.answer(run, 2)
    master.nodes.append(machine(processes=4))
    until(lambda: master.started)
    assert states(run) == ["scaling", "starting"]
    assert [each["reason"] for each in run.lifecycle.history] == [None, None]
    document = master.on_disk(run)
    assert document["workers"] == {"connected": 6, "expected": 6}
    assert document["fleets"]["eu"] == {
        **{"asked": 2, "started": 2, "joined": 2, "problem": None, "kept": None}
    }


def test_waits_for_the_other_workers_when_its_machines_are_there(
    tmp_path: Path, master: IdleMaster
) -> None:
    master = IdleMaster(tmp_path, workers=1)
    run = master.start()
    master.answer(run, 2)
    master.nodes = [machine(), machine()]
    until(lambda: run.lifecycle.now == "waiting")
    until(lambda: run.lifecycle.reason == "0 of 1 worker machines are connected")
    # One that leaves again is awaited again.
    lost = master.nodes.pop()
    workers = "0 of 1 worker machines are connected"
    until(lambda: run.lifecycle.reason == f"fleet eu: 1 of 2 machines joined; {workers}")
    master.nodes += [lost, machine("")]
    until(lambda: master.started)
    assert states(run) == ["scaling", "waiting", "starting"]
    master.controller.quitting()


def test_fails_with_the_reason_of_the_fleet(master: IdleMaster) -> None:
    run = master.start(wait_timeout=300)
    master.answer(run, 1, problem="AWS has no spot capacity for c7g.large in eu-central-1a")
    master.nodes = [machine()]
    until(lambda: "no spot capacity" in (run.lifecycle.reason or ""))
    assert not run.lifecycle.is_over
    master.clock.seconds = 300
    until(lambda: run.lifecycle.is_over)
    assert (run.lifecycle.now, run.lifecycle.reason) == (
        "failed",
        "not ready after 5m: fleet eu: 1 of 2 machines joined: AWS has no spot capacity for "
        "c7g.large in eu-central-1a",
    )
    assert master.on_disk(run)["reason"] == run.lifecycle.reason
    assert needs_of(master.controller.active) is None
    assert master.started == []


def test_begins_with_fewer_when_that_is_enough(master: IdleMaster) -> None:
    run = master.start(wait_timeout=300, min_processes=4)
    master.answer(run, 1, problem="AWS has no capacity")
    master.nodes = [machine(processes=4)]
    until(lambda: "AWS has no capacity" in (run.lifecycle.reason or ""))
    assert not master.started
    master.clock.seconds = 300
    until(lambda: master.started)
    assert states(run) == ["scaling", "starting"]
    assert run.lifecycle.reason == (
        "begins with 4 processes after 5m: fleet eu: 1 of 2 machines joined: AWS has no capacity"
    )
    # It asks for no more now: machines that come late would change what is measured.
    needs = needs_of(master.controller.active)
    assert needs
    assert needs.machines == {"eu": 1}


def test_does_not_begin_with_too_few(master: IdleMaster) -> None:
    run = master.start(wait_timeout=0, min_processes=5)
    master.answer(run, 1)
    master.nodes = [machine(processes=4)]
    until(lambda: run.lifecycle.is_over)
    assert run.lifecycle.reason == (
        "not ready after 0s: fleet eu: 1 of 2 machines joined; 'min_processes' is 5, 4 could begin"
    )


def test_says_all_that_keeps_it_from_beginning_with_fewer(master: IdleMaster) -> None:
    run = master.start(wait_timeout=0, min_processes=1)
    master.answer(run, 1)
    master.nodes = [machine(processes=4), machine("us", bundle="another" * 3)]
    until(lambda: run.lifecycle.is_over)
    assert run.lifecycle.reason == (
        "not ready after 0s: fleet eu: 1 of 2 machines joined; "
        "not all run the same test: the master runs b, us-1 runs anothera; "
        "'min_processes' is 1, 0 could begin"
    )


def test_fails_at_once_when_a_deploy_removes_its_fleet(master: IdleMaster) -> None:
    run = master.start()
    until(lambda: run.lifecycle.reason)
    master.fleets = {}
    until(lambda: run.lifecycle.is_over)
    sentence = "the cluster has no fleet 'eu' any more: deploy it again, or run without it"
    assert states(run) == ["scaling", "failed"]
    assert master.on_disk(run)["reason"] == sentence


def test_says_who_keeps_more_machines_than_it_asks_for(master: IdleMaster) -> None:
    kept = "2 machines are up: run 20261121-110432 has asked for them"
    master.nodes = [machine(), machine()]
    run = master.start(fleets={"eu": 1})
    master.answer(run, 2, kept=kept)
    until(lambda: master.started)
    assert [each["reason"] for each in run.lifecycle.history] == [None, f"fleet eu: {kept}"]
    assert master.on_disk(run)["fleets"]["eu"]["kept"] == kept


def test_is_cancelled_while_it_scales(master: IdleMaster) -> None:
    run = master.start()
    gevent.sleep(0.05)
    master.controller.stop(run, "over the API")
    assert states(run) == ["scaling", "cancelled"]
    assert run.lifecycle.reason == "stopped over the API before the test began"
    assert needs_of(master.controller.active) is None


def test_the_next_master_goes_on_with_it(tmp_path: Path, master: IdleMaster) -> None:
    run = master.start()
    gevent.sleep(0.05)
    master.controller.quitting()
    assert master.on_disk(run)["state"] == "scaling"

    following = IdleMaster(tmp_path)
    waiting = recover(following.archive, time.time())
    assert waiting
    following.controller.resume(waiting)
    resumed = following.controller.active
    assert resumed
    assert (resumed.id, resumed.lifecycle.now) == (run.id, "scaling")
    needs = needs_of(resumed)
    assert needs
    assert (needs.run, needs.machines) == (run.id, {"eu": 2})
    master.answer(run, 2)
    following.nodes = [machine(), machine()]
    until(lambda: following.started)
    following.controller.quitting()


def test_the_next_master_fails_it_when_its_fleet_is_gone(
    tmp_path: Path, master: IdleMaster
) -> None:
    run = master.start()
    gevent.sleep(0.05)
    master.controller.quitting()
    following = IdleMaster(tmp_path)
    following.fleets = {}
    waiting = recover(following.archive, time.time())
    assert waiting
    following.controller.resume(waiting)
    until(lambda: following.on_disk(run)["state"] == "failed")
    assert following.on_disk(run)["reason"].startswith("the cluster has no fleet 'eu' any more")


def test_a_second_run_that_scaled_is_interrupted(tmp_path: Path, master: IdleMaster) -> None:
    """Two cannot be: a folder that somebody has copied there."""
    run = master.start()
    document = {**master.on_disk(run), "id": "20200101-000000"}
    RunFolder(master.archive.root / document["id"]).write_run(document)
    waiting = recover(Archive(tmp_path / "runs"), time.time())
    assert waiting
    assert waiting.folder.id == run.id
    older = master.archive.document(document["id"])
    assert older
    assert older["state"] == "interrupted"


@pytest.mark.parametrize("fleets", [{"us": 1}, {"eu": 21}])
def test_a_run_that_is_refused_leaves_nothing(master: IdleMaster, fleets: dict[str, int]) -> None:
    with pytest.raises(RequestError):
        master.start(fleets=fleets)
    assert (master.archive.ids(), master.controller.active) == ([], None)


def test_a_run_that_names_no_fleet_does_not_scale(master: IdleMaster) -> None:
    master.nodes = [machine()]
    run = master.start(fleets={})
    until(lambda: master.started)
    assert states(run) == ["waiting", "starting"]
