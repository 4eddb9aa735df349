"""How a run ends."""

from types import SimpleNamespace
from typing import Any

import pytest
from run_states import make_run

from locust_cluster.runs.endings import Outcome, corrected, displaced, ended_by_locust, stopped
from locust_cluster.runs.lifecycle import Ending
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.run import Run
from locust_cluster.runs.run_facts import Source


def run(shape: str | None = None, source: Source = "api", **request: Any) -> Run:
    made = make_run(RunRequest(**request), source=source, shape=shape)
    made.times.started = 100
    return made


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
    ending = stopped(made, "in the page", 142)
    assert (ending.state, ending.reason) == expected


def test_how_locust_ends_a_run() -> None:
    def how(run: Run, now: float, **who: bool) -> tuple[str, str]:
        nobody = {"is_shape_ending": False, "is_page_stopping": False, "has_workers": True}
        locust: Any = SimpleNamespace(**{**nobody, **who})
        ending = ended_by_locust(run, now, locust)
        return ending.state, ending.reason

    assert how(run(), 142, has_workers=False)[0] == "failed"
    assert how(run("Waves"), 142, is_shape_ending=True) == (
        *("finished", "its load shape has ended"),
    )
    page = run(source="page", run_time=42)
    assert how(page, 142) == ("finished", "its run time is over")
    assert how(page, 130, is_page_stopping=True)[0] == "cancelled"
    assert how(page, 130) == ("finished", "ended by the test after 30s")
    assert how(run(run_time=60), 130) == ("finished", "ended by the test after 30s")


def test_how_the_page_displaces_a_run() -> None:
    assert displaced(run()).state == "interrupted"
    waiting = run()
    waiting.times.started = None
    assert displaced(waiting) == Ending(
        "displaced_before_start", "another test was started in Locust's page meanwhile"
    )


FINISHED = Ending("stopped", "stopped by a person after 4s")


@pytest.mark.parametrize(
    ("ending", "outcome", "expected"),
    [
        (FINISHED, Outcome(False, 10, 2, "no"), FINISHED),
        (FINISHED, Outcome(False, 0, 0, None), FINISHED),
        (
            FINISHED,
            Outcome(True, 10, 0, None),
            Ending(
                "stopped_in_warm_up",
                "stopped by a person after 4s, during its warm-up: nothing was judged",
            ),
        ),
        (
            FINISHED,
            Outcome(False, 0, 2, "no"),
            Ending("nothing_requested", "the test made no request; 2 exceptions, the first: no"),
        ),
        (
            Ending("workers_lost", "lost"),
            Outcome(True, 0, 2, "no"),
            Ending("workers_lost", "lost"),
        ),
    ],
)
def test_a_run_without_results_has_not_finished(
    ending: Ending, outcome: Outcome, expected: Ending
) -> None:
    assert corrected(ending, outcome) == expected
