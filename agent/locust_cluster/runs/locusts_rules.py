"""What Locust asks of every test, as far as no threshold of the run says otherwise. Pure.

Locust ends with the exit code that the test has set, else with 1 after a failed request or an
exception (locust/main.py, `shutdown`, 2.47.0). A run without a request is no success either: its
users could not be created, or it had none.
"""

from collections.abc import Sequence

from locust_cluster.runs.figures import merge
from locust_cluster.runs.thresholds import Threshold, parse_threshold
from locust_cluster.runs.verdicts import Measured, Verdict

ON_FAILURES = ("failures", "fail_ratio")

EXIT_CODE = "process_exit_code = 0"
DROPPED = "dropped_reports = 0"
FAILURES = parse_threshold("failures <= 0")
EXCEPTIONS = parse_threshold("exceptions <= 0")
REQUESTS = parse_threshold("requests > 0")


def broken_rules(
    thresholds: Sequence[Threshold], measured: Measured, exit_code: int | None = None
) -> list[Verdict]:
    """A verdict for each rule that is broken; rules that hold are not worth a row.

    `exit_code` is `environment.process_exit_code`: set by the test, it stands for all of them.
    """
    if exit_code is not None:
        message = f"the test has set it to {exit_code}"
        return [Verdict(EXIT_CODE, False, exit_code, 0, "count", None, message)] * bool(exit_code)
    about_all = {each.metric for each in thresholds if each.is_about_all}
    broken = []
    if failures := _failures_that_no_threshold_is_about(thresholds, measured):
        requests = f"{failures:,} request{'' if failures == 1 else 's'} failed"
        message = f"{requests}; a threshold such as 'fail_ratio < 1%' can allow some"
        broken.append(_verdict(FAILURES, failures, message))
    if measured.exceptions and "exceptions" not in about_all:
        raised = f"{measured.exceptions:,} exception{'' if measured.exceptions == 1 else 's'}"
        message = (
            f"the test raised {raised}; a threshold such as "
            f"'exceptions <= {measured.exceptions}' can allow some"
        )
        broken.append(_verdict(EXCEPTIONS, measured.exceptions, message))
    total = merge(measured.requests.values())
    if not (total.requests or total.failures or "requests" in about_all):
        message = "no request was made: a test that makes none needs the threshold 'requests >= 0'"
        broken.append(_verdict(REQUESTS, 0, message))
    return broken


def dropped_reports(count: int, last: str | None) -> list[Verdict]:
    """A rule of ours, which nothing excuses: what the workers counted is not all there."""
    if not count:
        return []
    reports = f"{count:,} report{'' if count == 1 else 's'} of workers"
    verb = "was" if count == 1 else "were"
    message = f"{reports} {verb} dropped: {last}; the figures are not complete"
    return [Verdict(DROPPED, False, count, 0, "count", None, message)]


def _failures_that_no_threshold_is_about(
    thresholds: Sequence[Threshold], measured: Measured
) -> int:
    """At most too many: a request's name does not tell its user class."""
    judging = [each for each in thresholds if each.metric in ON_FAILURES]
    if any(each.is_about_all for each in judging):
        return 0
    by_name = sum(
        sample.failures
        for key, sample in measured.requests.items()
        if not any(each.covers(*key) for each in judging)
    )
    classes = {each.user_class for each in judging}
    total = sum(sample.failures for sample in measured.requests.values())
    in_classes = sum(
        sample.failures for name, sample in measured.classes.items() if name in classes
    )
    return max(0, min(by_name, total - in_classes))


def _verdict(rule: Threshold, actual: int, message: str) -> Verdict:
    return Verdict(rule.expression, False, actual, rule.limit, rule.unit, None, message)
