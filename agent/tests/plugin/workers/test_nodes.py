"""GET /cluster/nodes: against real workers, and the roster by itself."""

from dataclasses import replace

from cluster import BUNDLE, Cluster, ask

from locust_cluster.common.constants import REPORT_KEY
from locust_cluster.common.identity import Identity, from_report, to_report
from locust_cluster.plugin.workers.machine import Client
from locust_cluster.plugin.workers.roster import MOST_PLACES, Roster

READY = Client("ready", 0, 1.5)
MISSING = Client("missing", 0, 0.0)


def worker(node: str, index: int = 1, processes: int = 1, bundle: str = BUNDLE) -> Identity:
    machine = (f"i-{node}", "t4g.small", "host", "10.0.0.1")
    return Identity(node, "worker", *machine, index, processes, bundle, "", {}, 4711)


def states(roster: Roster, clients: dict[str, Client], now: float) -> list[tuple[str, str]]:
    return [(node["name"], node["state"]) for node in roster.nodes(clients, now)]


def test_shows_machines_processes_and_what_they_run(guarded_cluster: Cluster) -> None:
    headers = {"Authorization": "Bearer right-token"}
    shown = ask(guarded_cluster.url + "/cluster/nodes", headers=headers).json()
    assert shown["cluster"] == "example"
    assert shown["bundle"] == BUNDLE
    assert shown["workers_connected"] == 2
    master, machine = shown["nodes"]
    assert (master["name"], master["role"], master["state"]) == ("master", "master", "ready")
    assert (machine["name"], machine["instance_id"]) == ("worker-1", "i-worker-1")
    assert (machine["state"], machine["expected_processes"]) == ("ready", 2)
    assert [(p["index"], p["state"]) for p in machine["processes"]] == [(1, "ready"), (2, "ready")]
    pids = [process.pid for process in guarded_cluster.processes[1:]]
    assert [process["pid"] for process in machine["processes"]] == pids
    for node in (master, machine):
        assert node["bundle"] == BUNDLE
        assert node["environment"] == "f" * 20
        assert node["versions"]["locust"] == "2.47.0"
        assert set(node["versions"]) == {"locust", "python", "agent", "kernel"}


def test_orders_machines_by_number() -> None:
    roster = Roster()
    for name in ("worker-10", "worker-2", "worker-1"):
        roster.report(name, worker(name), 0)
    assert [n["name"] for n in roster.nodes({}, 0)] == ["worker-1", "worker-2", "worker-10"]


def test_is_degraded_while_a_process_is_missing() -> None:
    roster = Roster()
    roster.report("a", worker("worker-1", 1, 2), 0)
    assert states(roster, {"a": READY}, 0) == [("worker-1", "degraded")]
    roster.report("b", worker("worker-1", 2, 2), 0)
    assert states(roster, {"a": READY, "b": READY}, 1) == [("worker-1", "ready")]
    assert states(roster, {"a": READY, "b": MISSING}, 9) == [("worker-1", "degraded")]


def test_says_of_which_fleet_a_machine_is() -> None:
    roster = Roster()
    roster.report("a", replace(worker("eu-1"), fleet="eu"), 0)
    older = {key: value for key, value in to_report(worker("worker-1")).items() if key != "fleet"}
    read = from_report({REPORT_KEY: older})
    assert read
    roster.report("b", read, 0)
    assert [(n["name"], n["fleet"]) for n in roster.nodes({}, 0)] == [
        ("eu-1", "eu"),
        ("worker-1", ""),
    ]


def test_gives_a_restarted_process_its_old_place() -> None:
    roster = Roster()
    roster.report("old", worker("worker-1"), 0)
    roster.report("new", worker("worker-1"), 10)
    (node,) = roster.nodes({"new": READY}, 10)
    assert [process["id"] for process in node["processes"]] == ["new"]


def test_forgets_a_machine_that_another_of_its_name_has_replaced() -> None:
    roster = Roster()
    roster.report("old", worker("worker-1"), 0)
    other = replace(worker("worker-1"), instance_id="i-other")
    roster.report("new", other, 10)
    both = {"old": READY, "new": READY}
    assert states(roster, both, 10) == [("worker-1", "ready"), ("worker-1", "ready")]
    (node,) = roster.nodes({"new": READY}, 16)
    assert (node["instance_id"], node["state"]) == ("i-other", "ready")


def test_shows_a_stopping_process_as_such() -> None:
    roster = Roster()
    roster.report("a", worker("worker-1"), 0)
    (node,) = roster.nodes({}, 4.9)
    assert (node["state"], node["processes"][0]["state"]) == ("ready", "stopping")
    (node,) = roster.nodes({}, 5)
    assert (node["state"], node["processes"][0]["state"]) == ("missing", "missing")


def test_forgets_a_machine_after_five_minutes() -> None:
    roster = Roster()
    roster.report("a", worker("worker-1"), 0)
    assert states(roster, {}, 300) == [("worker-1", "missing")]
    assert states(roster, {}, 301) == []


def test_a_machine_that_aws_ends_is_draining_until_it_is_gone() -> None:
    roster = Roster()
    leaves = Client("stopping", 3, 0.0)
    for client, index in (("a", 1), ("b", 2)):
        roster.report(client, worker("eu-1", index, 2), 0)
    roster.leave("a", 1)
    (node,) = roster.nodes({"a": leaves, "b": READY}, 1)
    assert (node["state"], node["processes"][0]["state"]) == ("draining", "draining")
    assert node["processes"][0]["user_count"] == 3
    roster.leave("b", 2)
    roster.report("a", worker("eu-1", 1, 2), 3)
    assert roster.connected({"a": leaves, "b": leaves}) == 0
    assert states(roster, {}, 120) == [("eu-1", "draining")]
    assert states(roster, {}, 124) == []


def test_says_when_processes_run_different_bundles() -> None:
    roster = Roster()
    roster.report("a", worker("worker-1", 1, 2, "0" * 20), 0)
    roster.report("b", worker("worker-1", 2, 2, "1" * 20), 0)
    (node,) = roster.nodes({"a": READY, "b": READY}, 0)
    assert node["bundle"] == "mixed"


def test_does_not_count_a_killed_process_beside_its_successor() -> None:
    roster = Roster()
    roster.report("old", worker("worker-1"), 0)
    assert roster.connected({"old": READY, "unnamed yet": READY}) == 2
    roster.report("new", worker("worker-1"), 1)
    assert roster.connected({"old": READY, "new": READY}) == 1
    assert roster.connected({"new": READY, "lost": MISSING}) == 1


def test_remembers_no_more_processes_than_a_master_can_have() -> None:
    roster = Roster()
    for index in range(MOST_PLACES + 5):
        roster.report(str(index), worker("worker-1", index, MOST_PLACES), 0)
    roster.report("new", worker("worker-1", 0, MOST_PLACES), 1)
    (node,) = roster.nodes({}, 6)
    assert len(node["processes"]) == MOST_PLACES
    assert node["processes"][0]["id"] == "new"


def test_knows_the_worker_of_an_older_agent() -> None:
    """Which runs the test before, and must be named when a run waits for it."""
    report = to_report(worker("worker-1"))
    del report["pid"]
    assert from_report({REPORT_KEY: report}) == replace(worker("worker-1"), pid=0)


def test_counts_no_process_that_may_still_end_at_its_start() -> None:
    roster = Roster()
    roster.report("a", replace(worker("worker-1"), is_ready=False), 0)
    (node,) = roster.nodes({"a": READY}, 0)
    assert (node["state"], node["processes"][0]["state"]) == ("degraded", "starting")
    assert roster.connected({"a": READY}) == 0
    roster.report("a", worker("worker-1"), 3)
    assert states(roster, {"a": READY}, 3) == [("worker-1", "ready")]
    assert roster.connected({"a": READY}) == 1


def test_a_late_report_of_a_process_takes_no_place_from_its_successor() -> None:
    roster = Roster()
    identity = Identity("eu-1", "worker", "i-1", "", "", "", 1, 1, BUNDLE, "", {}, fleet="eu")
    roster.report("before", identity, 0)
    roster.report("after", identity, 1)
    assert roster.fleets()["after"] == "eu"
    clients = {"before": MISSING, "after": READY}
    assert roster.settle(clients, 1) == {"before"}
    roster.report("before", identity, 2)
    assert roster.fleets() == {"after": "eu"}
    (node,) = roster.nodes({**clients, "before": READY}, 3)
    assert [process["id"] for process in node["processes"]] == ["after"]


def test_nobody_takes_the_place_of_a_process_that_lives() -> None:
    roster = Roster()
    roster.report("alive", worker("worker-1"), 0)
    roster.report("thief", worker("worker-1"), 1)
    clients = {"alive": READY, "thief": READY}
    (node,) = roster.nodes(clients, 2)
    assert [process["id"] for process in node["processes"]] == ["alive"]
    assert roster.connected(clients) == 1
    assert [each.place for each in roster.members(["alive", "thief"])] == [("i-worker-1", 1), None]
    roster.report("alive", worker("worker-1"), 3)
    assert states(roster, clients, 600) == [("worker-1", "ready")]
    # Locust forgets a worker for the time of its `stop`, and it still reports.
    assert states(roster, {"thief": READY}, 4) == [("worker-1", "ready")]
    assert roster.identity("alive") is not None
    assert roster.identity("thief") is None
    assert roster.settle(clients, 5) == set()


def test_a_process_has_its_place_back_when_the_taker_goes_first() -> None:
    roster = Roster()
    roster.report("alive", worker("worker-1"), 0)
    roster.report("thief", worker("worker-1"), 1)
    assert roster.settle({"alive": MISSING, "thief": READY}, 2) == {"alive"}
    assert states(roster, {"alive": READY, "thief": MISSING}, 9) == [("worker-1", "missing")]
    roster.settle({"alive": READY}, 10)
    roster.report("alive", worker("worker-1"), 10)
    (node,) = roster.nodes({"alive": READY}, 11)
    assert (node["state"], node["processes"][0]["id"]) == ("ready", "alive")
    assert roster.connected({"alive": READY}) == 1


def test_a_process_with_a_number_beyond_those_of_a_machine_changes_nothing_about_it() -> None:
    roster = Roster()
    roster.report("alive", worker("worker-1", 1, 2), 0)
    roster.report("stranger", worker("worker-1", 3, 9), 1)
    roster.leave("stranger", 2)
    (node,) = roster.nodes({"alive": READY, "stranger": READY}, 2)
    assert (node["state"], node["expected_processes"]) == ("degraded", 2)
    assert [process["id"] for process in node["processes"]] == ["alive"]


def test_a_process_has_one_place() -> None:
    roster = Roster()
    for number in range(MOST_PLACES + 5):
        roster.report("many", worker(f"worker-{number}"), 0)
    roster.report("other", worker("worker-0"), 0)
    assert states(roster, {"many": READY, "other": READY}, 1) == [
        ("worker-0", "ready"),
        (f"worker-{MOST_PLACES + 4}", "ready"),
    ]
