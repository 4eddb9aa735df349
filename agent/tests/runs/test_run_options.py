from argparse import Namespace

from locust_cluster.runs.run_options import RunOptions


def test_restores_what_a_run_was_given() -> None:
    options = Namespace(tenant="nobody", pages=3, run_time=60)
    of_run = RunOptions(options)
    of_run.give({"tenant": "acme", "pages": 7})
    assert (options.tenant, options.pages) == ("acme", 7)
    of_run.restore()
    assert options == Namespace(tenant="nobody", pages=3, run_time=60)


def test_restores_what_was_there_before_two_runs() -> None:
    options = Namespace(tenant="nobody")
    of_run = RunOptions(options)
    of_run.give({"tenant": "acme"})
    of_run.give({"tenant": "globex"})
    of_run.restore()
    assert options.tenant == "nobody"


def test_keeps_what_the_page_has_changed_meanwhile() -> None:
    options = Namespace(tenant="nobody")
    of_run = RunOptions(options)
    of_run.give({"tenant": "acme"})
    options.tenant = "globex"
    of_run.restore()
    assert options.tenant == "globex"


def test_without_options_there_is_nothing_to_give() -> None:
    of_run = RunOptions(None)
    of_run.give({"tenant": "acme"})
    of_run.restore()
