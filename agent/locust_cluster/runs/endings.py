"""By which event a run ends, and why in words. Pure: Locust and the time are brought along."""

from dataclasses import dataclass
from typing import Protocol

from locust_cluster.runs.duration import in_words
from locust_cluster.runs.lifecycle import Ending
from locust_cluster.runs.run import Run

TIMER_SLACK_S = 1.5
"""Locust's own timer may be so early against our clock."""


class StoppingLocust(Protocol):
    """A Locust that stops a test, and how it came to that."""

    @property
    def has_workers(self) -> bool: ...

    @property
    def is_shape_ending(self) -> bool: ...

    @property
    def is_page_stopping(self) -> bool: ...


def stopped(run: Run, how: str, now: float) -> Ending:
    """An open-ended run is stopped by intention, any other before its time."""
    if run.times.started is None:
        return Ending("stopped_early", f"stopped {how} before the test began")
    elapsed = in_words(now - run.times.started)
    if run.facts.shape:
        reason = f"stopped {how} after {elapsed}, before its load shape had ended"
        return Ending("stopped_early", reason)
    if run_time := run.facts.request.run_time:
        reason = f"stopped {how} after {elapsed} of {in_words(run_time)}"
        return Ending("stopped_early", reason)
    return Ending("stopped", f"stopped {how} after {elapsed}")


def ended_by_test(run: Run, now: float) -> Ending:
    """The test's own code has ended it: that is its plan."""
    elapsed = in_words(now - (run.times.started or now))
    return Ending("ended_by_test", f"ended by the test after {elapsed}")


def run_time_over() -> Ending:
    return Ending("run_time_over", "its run time is over")


def ended_by_locust(run: Run, now: float, locust: StoppingLocust) -> Ending:
    """Locust stops a test that nobody has asked us to stop."""
    if not locust.has_workers:
        if run.workers.interruptions.count and not run.workers.losses.count:
            return Ending("workers_lost", "AWS has taken the machines of all worker processes away")
        return Ending("workers_lost", "all worker processes were lost")
    if locust.is_shape_ending:
        return Ending("shape_ended", "its load shape has ended")
    elapsed, run_time = now - (run.times.started or now), run.facts.request.run_time
    if run.facts.source == "page" and run_time and elapsed > run_time - TIMER_SLACK_S:
        return run_time_over()
    if locust.is_page_stopping:
        return stopped(run, "in Locust's page", now)
    return ended_by_test(run, now)


def displaced(run: Run) -> Ending:
    """The page starts a test in spite of this run."""
    reason = "another test was started in Locust's page"
    if run.times.started is None:
        return Ending("displaced_before_start", f"{reason} meanwhile")
    return Ending("displaced", f"{reason} before this one had ended")


@dataclass(frozen=True)
class Outcome:
    """What a run that has stopped came to."""

    is_warming_up: bool
    requests: int
    exceptions: int
    first_exception: str | None


def corrected(ending: Ending, outcome: Outcome) -> Ending:
    """A run has finished only when it has measured something."""
    if ending.state != "finished":
        return ending
    if outcome.is_warming_up:
        reason = f"{ending.reason}, during its warm-up: nothing was judged"
        return Ending("stopped_in_warm_up", reason)
    if outcome.first_exception is None or outcome.requests:
        return ending
    return Ending(
        "nothing_requested",
        f"the test made no request; {outcome.exceptions} exceptions, the first: "
        f"{outcome.first_exception}",
    )
