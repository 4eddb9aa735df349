"""In which state a run ends that somebody stops. Pure."""

from locust_cluster.common.run_states import State
from locust_cluster.runs.duration import in_words
from locust_cluster.runs.run import Run

BY_TEST = "ended by the test"

TIMER_SLACK_S = 1.5
"""Locust's own timer may be so early against our clock."""


def stopped(run: Run, how: str, now: float) -> tuple[State, str]:
    """An open-ended run is stopped by intention, any other before its time."""
    if run.started is None:
        return "cancelled", f"stopped {how} before the test began"
    elapsed = in_words(now - run.started)
    if run.shape:
        return "cancelled", f"stopped {how} after {elapsed}, before its load shape had ended"
    if run.request.run_time:
        whole = in_words(run.request.run_time)
        return "cancelled", f"stopped {how} after {elapsed} of {whole}"
    return "finished", f"stopped {how} after {elapsed}"


def ended_by_test(run: Run, now: float) -> tuple[State, str]:
    """The test's own code has ended it: that is its plan."""
    return "finished", f"{BY_TEST} after {in_words(now - (run.started or now))}"


def ended_by_locust(
    run: Run, now: float, *, is_shape_ending: bool, is_page_stopping: bool, has_workers: bool
) -> tuple[State, str]:
    """Locust stops a test that nobody has asked us to stop."""
    if not has_workers:
        return "failed", "all worker processes were lost"
    if is_shape_ending:
        return "finished", "its load shape has ended"
    elapsed = now - (run.started or now)
    if (
        run.source == "page"
        and run.request.run_time
        and (elapsed > run.request.run_time - TIMER_SLACK_S)
    ):
        return "finished", "its run time is over"
    if is_page_stopping:
        return stopped(run, "in Locust's page", now)
    return ended_by_test(run, now)
