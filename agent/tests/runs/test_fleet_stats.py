"""What the master counts per fleet, against Locust's own statistics of all of them together."""

import gc
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from locust.env import Environment
from locust.stats import RequestStats
from worker_messages import IDENTITY

from locust_cluster.common.constants import REPORT_KEY
from locust_cluster.common.identity import to_report
from locust_cluster.common.settings import ConfigurationError
from locust_cluster.runs.figures import percentiles
from locust_cluster.runs.fleet_stats import MOST_NAMES, NAMES_BEYOND, FleetStats
from locust_cluster.runs.locust_statistics import count_as

REGIONS = {"eu": "eu-central-1", "us": "us-east-1", "workers": "us-east-1"}


class Master:
    """Locust's statistics of a master, and ours beside them."""

    def __init__(self, regions: Callable[[], Mapping[str, str]] = lambda: REGIONS) -> None:
        self.environment = Environment()
        self.own = self.environment.create_master_runner("127.0.0.1", 0)
        self.fleets = FleetStats(self.environment, regions)
        self.clients: dict[str, Any] = {}

    def begin(self, nodes: tuple[Any, ...] = ()) -> None:
        self.own.stats.clear_all()  # as Locust does before its event
        self.fleets.begin(nodes)

    def report(self, process: str, fleet: str | None, *times: float, name: str = "/") -> None:
        """From a process of a fleet; None from a bare Locust."""
        counted = RequestStats()
        for time in times:
            counted.log_request("GET", name, int(time), 10)
            if time > 500:
                counted.log_error("GET", name, "too slow")
        data: dict[str, Any] = {
            "stats": counted.serialize_stats(),
            "stats_total": counted.total.get_stripped_report(),
            "errors": counted.serialize_errors(),
            "user_classes_count": {},
            "user_count": 0,
        }
        if fleet is not None:
            data[REPORT_KEY] = {**to_report(IDENTITY), "fleet": fleet}
        self.clients.setdefault(process, SimpleNamespace(user_count=0))
        self.environment.events.worker_report.fire(client_id=process, data=data)

    def counts(self) -> dict[str, tuple[int, int]]:
        return {
            name: (each["total"]["requests"], each["total"]["failures"])
            for name, each in self.fleets.figures(10).items()
        }

    def check_sums(self) -> None:
        """The fleets add up to the run in every figure that can be added up."""
        total, figures = self.own.stats.total, self.fleets.figures(10)
        assert sum(one for one, _ in self.counts().values()) == total.num_requests
        assert sum(one for _, one in self.counts().values()) == total.num_failures
        for name, rows in self.fleets.requests(10).items():
            for counted in ("requests", "failures"):
                expected = figures[name]["total"][counted]
                assert sum(row[counted] for row in rows) == expected
        histogram: dict[int, int] = {}
        for stats in self.fleets.all():
            for value, count in stats.total.response_times.items():
                histogram[value] = histogram.get(value, 0) + count
        assert histogram == total.response_times


@pytest.fixture
def master() -> Iterator[Master]:
    made = Master()
    made.begin()
    yield made
    made.own.quit()


def test_reports_are_merged_by_fleet(master: Master) -> None:
    rng = random.Random(1)  # noqa: S311 (no secret)
    times: dict[str, list[int]] = {"eu": [], "us": [], "workers": []}
    for number in range(300):
        fleet = rng.choice(["eu", "us", ""])
        sent = [rng.randrange(1, 90 if fleet == "eu" else 900) for _ in range(rng.randrange(40))]
        times[fleet or "workers"] += sent
        master.report(f"{fleet}-{number % 7}", fleet, *sent, name=f"/{number % 5}")
    master.check_sums()
    for name, each in master.fleets.figures(10).items():
        total, own = each["total"], times[name]
        assert (total["requests"], total["rps"]) == (len(own), len(own) / 10)
        assert total["failures"] == sum(time > 500 for time in own)
        assert (total["min_ms"], total["max_ms"]) == (min(own), max(own))
        # As of all requests of the fleet in one list, and not a mean of processes.
        counts = Counter(count_as(time) for time in own)
        assert [total["p50_ms"], total["p95_ms"], total["p99_ms"]] == percentiles(
            counts, [0.5, 0.95, 0.99]
        )
        assert each["region"] == REGIONS[name]


def test_a_process_that_leaves_or_comes_back_is_counted_once(master: Master) -> None:
    master.report("a", "eu", 10, 20)
    master.report("b", "us", 30)
    master.clients.pop("a")
    master.fleets.look(master.clients, 0)
    assert master.counts() == {"eu": (2, 0), "us": (1, 0)}
    master.report("a", "eu", 40)  # back with its id
    master.report("a2", "eu", 50)  # started again on the same machine
    master.report("b", "us")
    assert master.counts() == {"eu": (4, 0), "us": (1, 0)}
    master.check_sums()


def test_a_late_report_of_a_process_that_left_counts_for_its_fleet(master: Master) -> None:
    for number in range(1_000):
        master.report(f"old-{number}", "us", 10)
    master.clients = {"old-0": SimpleNamespace(user_count=1)}
    master.fleets.look(master.clients, 0)
    assert len(master.fleets._processes._by_id) == 1
    master.report("old-1", "us", 10)
    assert master.counts() == {"us": (1_001, 0)}


@pytest.mark.parametrize(
    "reset", ["reset_all", "clear_all"], ids=["page, warm-up, --reset-stats", "next test"]
)
def test_a_reset_empties_the_fleets_too(master: Master, reset: str) -> None:
    for times in ((), (10, 600)):  # also with nothing counted in between
        master.report("a", "eu", *times)
        getattr(master.own.stats, reset)()
        gc.collect()
        assert master.counts() == {}
        master.check_sums()
        master.report("b", "us", 700)
        assert master.counts() == {"us": (1, 1)}
        master.check_sums()


def test_the_next_test_begins_at_zero(master: Master) -> None:
    master.report("a", "eu", 10)
    master.begin()
    assert master.counts() == {}
    master.report("a", "eu", 10)
    assert master.counts() == {"eu": (1, 0)}
    master.check_sums()


def test_users_belong_to_the_fleets_of_their_processes(master: Master) -> None:
    process = {"id": "a", "index": 1, "pid": 1, "state": "ready", "user_count": 0, "cpu_usage": 0.0}
    master.begin(({"fleet": "eu", "processes": [process]}, {"fleet": "", "processes": []}))
    master.clients = {name: SimpleNamespace(user_count=3) for name in ("a", "b")}
    master.clients["new"] = SimpleNamespace(user_count=0)
    master.report("b", "us")
    master.fleets.look(master.clients, 0)
    master.clients["a"].user_count = 1
    master.fleets.look(master.clients, 0)
    seen = {
        name: (each["users_max"], each["now"] and each["now"]["users"])
        for name, each in master.fleets.figures(1).items()
    }
    assert seen == {"eu": (3, 1), "us": (3, 3)}


def test_those_of_no_known_fleet_are_workers() -> None:
    regions = dict(REGIONS)
    master = Master(lambda: regions)
    master.begin()
    regions["ap"] = "ap-south-1"  # deployed during the test
    fleets = ("ap", "old", "", None, "Not a name", "x" * 17)
    for number, fleet in enumerate(fleets):
        master.report(f"{number}", fleet, 10)
    figures = master.fleets.figures(1)
    assert {name: each["total"]["requests"] for name, each in figures.items()} == {
        **{"ap": 1, "workers": 5}
    }
    assert figures["ap"]["region"] == "ap-south-1"
    # Names that nobody has deployed keep no place from one that is deployed later.
    for number in range(200):
        master.report("many", f"f{number}", 10)
    assert master.fleets.figures(1).keys() == {"ap", "workers"}
    regions["later"] = "us-west-2"
    master.report("l", "later", 10)
    assert master.fleets.figures(1)["later"]["region"] == "us-west-2"
    master.check_sums()
    master.own.quit()


def test_the_names_of_a_fleet_are_bounded(master: Master) -> None:
    for number in range(MOST_NAMES + 5):
        master.report("a", "eu", 10, name=f"/{number:03}")
    rows = master.fleets.requests(1)["eu"]
    assert len(rows) == MOST_NAMES + 1
    assert {"method": rows[0]["method"], "name": rows[0]["name"], "requests": 5} == {
        "method": NAMES_BEYOND[0],
        "name": NAMES_BEYOND[1],
        "requests": rows[0]["requests"],
    }
    master.check_sums()


def test_a_cluster_without_fleets_counts_nothing() -> None:
    regions: dict[str, str] = {}
    master = Master(lambda: regions)
    before = len(master.environment.events.worker_report._handlers)
    for fleets, expected in (
        ({}, {}),
        (REGIONS, {"eu": (1, 0)}),
        (REGIONS, {"eu": (1, 0)}),
        ({}, {}),
    ):
        regions.clear()
        regions.update(fleets)
        master.begin()
        handlers = len(master.environment.events.worker_report._handlers)
        assert (master.fleets.is_on, handlers) == (bool(fleets), before + bool(fleets))
        master.report("a", "eu", 10)
        assert master.counts() == expected
    master.own.quit()


def test_a_manifest_that_cannot_be_read_costs_the_fleets_and_not_the_run() -> None:
    def fail() -> Mapping[str, str]:
        raise ConfigurationError("cannot read current.json")

    master = Master(fail)
    master.begin()
    assert not master.fleets.is_on
    master.own.quit()
