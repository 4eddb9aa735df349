"""Which state may follow which, how a run ends, and when it may begin."""

from typing import Any

import pytest

from locust_cluster.common.run_states import OVER, State
from locust_cluster.runs.ending import ended_by_locust, stopped
from locust_cluster.runs.readiness import Readiness, readiness
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.states import States


def run(shape: str | None = None, source: str = "api", **request: Any) -> Run:
    made = Run("20261121-110432", source, 0, RunRequest(**request), "example", "b", {}, shape=shape)
    made.started = 100
    return made


def test_keeps_time_and_reason_of_each_state() -> None:
    states = States()
    states.to("waiting", 0)
    states.explain("2 of 4 processes")
    states.to("cancelled", 1.5, "stopped")
    assert states.history == [
        {"state": "waiting", "time": "1970-01-01T00:00:00.000Z", "reason": "2 of 4 processes"},
        {"state": "cancelled", "time": "1970-01-01T00:00:01.500Z", "reason": "stopped"},
    ]
    assert states.is_over


@pytest.mark.parametrize(
    "path",
    [
        ["waiting", "running"],
        ["starting", "waiting"],
        ["running", "starting"],
        ["stopping", "running"],
        *(["running", over, "stopping"] for over in OVER),
        *(["running", over, "failed"] for over in OVER),
    ],
)
def test_refuses_a_wrong_order(path: list[State]) -> None:
    states = States()
    with pytest.raises(ValueError, match="cannot become"):
        for state in path:
            states.to(state, 0)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (run(), ("finished", "stopped in the page after 42s")),
        (run(run_time=300), ("cancelled", "stopped in the page after 42s of 5m")),
        (
            run("Waves"),
            ("cancelled", "stopped in the page after 42s, before its load shape had ended"),
        ),
    ],
)
def test_an_open_ended_run_is_stopped_by_intention(made: Run, expected: tuple[str, str]) -> None:
    assert stopped(made, "in the page", 142) == expected


def test_how_locust_ends_a_run() -> None:
    def how(run: Run, now: float, **who: bool) -> tuple[str, str]:
        nobody = {"is_shape_ending": False, "is_page_stopping": False, "has_workers": True}
        return ended_by_locust(run, now, **{**nobody, **who})

    assert how(run(), 142, has_workers=False)[0] == "failed"
    assert how(run("Waves"), 142, is_shape_ending=True) == (
        *("finished", "its load shape has ended"),
    )
    page = run(source="page", run_time=42)
    assert how(page, 142) == ("finished", "its run time is over")
    assert how(page, 130, is_page_stopping=True)[0] == "cancelled"
    assert how(page, 130) == ("finished", "ended by the test after 30s")
    assert how(run(run_time=60), 130) == ("finished", "ended by the test after 30s")


def node(name: str, bundle: str, states: list[str]) -> dict[str, Any]:
    processes = [{"state": state} for state in states]
    return {
        **{"name": name, "role": "worker", "bundle": bundle},
        **{"processes": processes, "expected_processes": 2},
    }


def test_begins_when_all_processes_are_there_with_the_same_bundle() -> None:
    both = [node(name, "aaaa", ["ready", "ready"]) for name in ("worker-1", "worker-2")]
    assert readiness(both, "aaaa", 4, None) == Readiness(4, 4, None)
    assert readiness(both, "aaaa", 4, 3).missing is None
    # Locust counts them before they have said what they run.
    assert readiness(both[:1], "aaaa", 4, 4).missing == "2 of 4 worker processes are connected"
    assert readiness([], "aaaa", 0, None).missing == "0 of 1 worker processes are connected"


def test_says_which_process_is_missing() -> None:
    nodes = [node("worker-1", "a", ["ready"]), node("worker-2", "a", ["ready", "missing"])]
    assert readiness(nodes, "a", 2, None).missing == (
        "2 of 4 worker processes are connected (worker-1 has 1 of 2, worker-2 has 1 of 2)"
    )


def test_refuses_mixed_bundles_and_says_who_runs_what() -> None:
    nodes = [node("worker-1", "a" * 20, ["ready"] * 2), node("worker-2", "b" * 20, ["ready"] * 2)]
    assert readiness(nodes, "a" * 20, 4, None).missing == (
        "not all run the same test: the master runs aaaaaaaa, worker-2 runs bbbbbbbb"
    )
    many = [node(f"worker-{n}", "mixed", ["ready"]) for n in range(1, 6)]
    assert (readiness(many, "a" * 20, 5, None).missing or "").endswith(
        "worker-1 runs mixed, worker-2 runs mixed, worker-3 runs mixed and 2 more"
    )
    gone = [node("worker-1", "a", ["ready"] * 2), node("worker-2", "b", ["missing"])]
    assert readiness(gone, "a", 2, 2).missing is None
