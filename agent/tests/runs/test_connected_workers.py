"""What a run that waits hears of the workers, by itself."""

from run_states import make_run

from locust_cluster.common.settings import ConfigurationError
from locust_cluster.runs.connected_workers import ConnectedWorkers


def test_a_manifest_that_cannot_be_read_for_a_moment_is_waited_for() -> None:
    """A push to a local cluster puts another folder in the place of its release."""

    def unreadable() -> int:
        raise ConfigurationError("cannot read current.json: No such file or directory")

    workers = ConnectedWorkers(list, lambda: 0, unreadable, lambda: False)
    run = make_run()
    assert workers.missing(run) == "cannot read current.json: No such file or directory"
