"""Who decides about users and time: the run, the test's configuration, or its load shape."""

from dataclasses import dataclass, replace

from locust.env import Environment

from locust_cluster.common.documents import api
from locust_cluster.runs.request import RunRequest, check_warm_up
from locust_cluster.runs.request_error import RequestError


@dataclass(frozen=True)
class TestLoad:
    """Of a run that says nothing else: from locust.conf and its like, or `locust.extraArgs`."""

    __test__ = False
    """Not one of pytest's."""

    shape: str | None
    """Name of the load shape."""
    takes_options: bool
    """Without a shape, or with one that has `use_common_options` (locust/shape.py)."""
    user_count: int | None
    spawn_rate: float | None
    run_time: int | None
    """Seconds."""

    def complete(self, request: RunRequest) -> RunRequest:
        """Fill in what the request leaves out. Raises RequestError for what does not fit."""
        given = [name for name in FIELDS if getattr(request, name) is not None]
        if not self.takes_options:
            if not given:
                return request
            names = " and ".join(f"'{name}'" for name in given)
            raise RequestError(
                f"the test has a load shape, {self.shape}, which decides about users and time: "
                f"leave out {names}",
                given[0],
            )
        missing = {name: getattr(self, name) for name in FIELDS if name not in given}
        completed = replace(request, **missing)
        if completed.user_count is None and self.shape is None:
            raise RequestError("'user_count' is missing: how many users?", "user_count")
        check_warm_up(completed)
        return completed

    def to_document(self) -> api.TestLoad:
        """As GET /cluster/nodes shows it."""
        return {
            "shape": self.shape,
            "takes_options": self.takes_options,
            "user_count": self.user_count,
            "spawn_rate": self.spawn_rate,
            "run_time": self.run_time,
        }


FIELDS = ("user_count", "spawn_rate", "run_time")


def load_of(environment: Environment) -> TestLoad:
    """To be called when Locust has loaded the test, before a run or the page changes options."""
    shape, options = environment.shape_class, environment.parsed_options
    return TestLoad(
        shape=type(shape).__name__ if shape else None,
        takes_options=shape is None or shape.use_common_options,
        user_count=getattr(options, "num_users", None),
        spawn_rate=getattr(options, "spawn_rate", None),
        run_time=getattr(options, "run_time", None),
    )
