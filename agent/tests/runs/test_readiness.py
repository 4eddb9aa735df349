"""When a run may begin."""

from dataclasses import replace
from typing import Any

from locust_cluster.runs.readiness import Machines, Readiness, readiness, usable


def node(name: str, bundle: str, states: list[str], fleet: str = "") -> dict[str, Any]:
    processes = [{"state": state} for state in states]
    there = any(state != "missing" for state in states)
    return {
        **{"name": name, "role": "worker", "bundle": bundle},
        **{"state": "ready" if there else "missing"},
        **{"processes": processes, "expected_processes": 2, "fleet": fleet},
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


def workers(*there: bool) -> list[dict[str, Any]]:
    states = (["ready" if each else "missing"] * 2 for each in there)
    return [node(f"worker-{number}", "a", each) for number, each in enumerate(states, start=1)]


def test_waits_for_machines_that_belong_to_the_cluster_and_have_not_connected_yet() -> None:
    """Right after the master's restart it knows only who has come back."""
    assert readiness([], "a", 0, None, Machines(3)).missing == (
        "0 of 3 worker machines are connected"
    )
    assert readiness(workers(True, True), "a", 4, None, Machines(3)).missing == (
        "2 of 3 worker machines are connected"
    )
    starting = [*workers(True), node("worker-2", "a", ["ready"])]
    assert readiness(starting, "a", 3, None, Machines(3)).missing == (
        "2 of 3 worker machines are connected (worker-2 has 1 of 2)"
    )
    assert readiness(workers(True, True, True), "a", 6, None, Machines(3)) == Readiness(6, 6, None)


def test_waits_for_a_machine_that_is_gone_while_it_belongs_to_the_cluster() -> None:
    assert readiness(workers(True, True, False), "a", 4, None, Machines(3)).missing == (
        "4 of 6 worker processes are connected (worker-3 has 0 of 2)"
    )


def test_waits_for_no_machine_that_a_smaller_count_has_removed() -> None:
    assert readiness(workers(True, True, False), "a", 4, None, Machines(2)) == Readiness(4, 4, None)
    assert readiness(workers(False, True, True), "a", 4, None, Machines(2)) == Readiness(4, 4, None)
    # Until it is gone it is one of them.
    assert readiness(workers(True, True, True), "a", 6, None, Machines(2)) == Readiness(6, 6, None)


def test_a_number_of_processes_in_the_request_counts_whatever_belongs_to_the_cluster() -> None:
    assert readiness(workers(True), "a", 2, 2, Machines(3)) == Readiness(2, 2, None)
    assert readiness(workers(True), "a", 2, 4, Machines(3)).missing == (
        "2 of 4 worker processes are connected"
    )


def of_fleet(fleet: str, *processes: int) -> list[dict[str, Any]]:
    """Its machines, which may have different numbers of processes."""
    return [
        {
            **node(f"{fleet}-{n}", "a", ["ready"] * number, fleet),
            "expected_processes": number,
        }
        for n, number in enumerate(processes, start=1)
    ]


def test_machines_of_a_fleet_do_not_stand_for_those_of_the_cluster() -> None:
    nodes = [*workers(True), *of_fleet("eu", 2, 2)]
    assert readiness(nodes, "a", 6, None, Machines(2)).missing == (
        "1 of 2 worker machines are connected"
    )
    assert readiness(nodes, "a", 6, None, Machines(1, {"eu": 3})).missing == (
        "fleet eu: 2 of 3 machines joined"
    )
    assert readiness([], "a", 0, None, Machines(2, {"eu": 1, "us": 0})).missing == (
        "0 of 2 worker machines are connected; fleet eu: 0 of 1 machines joined"
    )


def test_each_machine_of_a_fleet_has_as_many_processes_as_it_says() -> None:
    nodes = [*workers(True), *of_fleet("eu", 2, 8)]
    assert readiness(nodes, "a", 12, None, Machines(1, {"eu": 2})) == Readiness(12, 12, None)
    nodes[-1]["processes"].pop()
    assert readiness(nodes, "a", 11, None, Machines(1, {"eu": 2})).missing == (
        "fleet eu: 1 of 2 machines joined"
    )
    # More are there than belong to the run: their processes count, and it waits for them.
    assert readiness(nodes, "a", 11, None, Machines(1, {"eu": 1})).missing == (
        "11 of 12 worker processes are connected (eu-2 has 7 of 8)"
    )


def test_waits_for_no_machine_that_has_left_its_fleet() -> None:
    gone = node("eu-9", "a", ["missing"] * 2, "eu")
    nodes = [*of_fleet("eu", 2), gone]
    assert readiness(nodes, "a", 2, None, Machines(0, {"eu": 1})) == Readiness(2, 2, None)
    assert readiness(nodes, "a", 2, None, Machines(0, {"eu": 2})) == Readiness(
        2, 4, "fleet eu: 1 of 2 machines joined"
    )
    # A fleet that is not in the cluster any more.
    assert readiness(nodes, "a", 2, None, Machines(0)).missing is None


def test_says_why_aws_does_not_give_a_fleet_its_size() -> None:
    machines = Machines(0, {"eu": 1, "us": 1}, {"eu": "AWS has no capacity", "us": None})
    assert readiness([], "a", 0, None, machines).missing == (
        "fleet eu: 0 of 1 machines joined: AWS has no capacity; fleet us: 0 of 1 machines joined"
    )


def test_leaves_the_fleets_that_the_run_has_asked_to_others() -> None:
    machines = Machines(1, {"eu": 2, "us": 1}, asked=frozenset(["eu"]), are_joining=True)
    nodes = [*workers(True), *of_fleet("eu", 2), *of_fleet("us", 2)]
    nodes[1]["processes"].pop()
    assert readiness(nodes, "a", 5, None, machines) == Readiness(5, 6, None)
    assert readiness(nodes[:2], "a", 3, None, machines).missing == (
        "fleet us: 0 of 1 machines joined"
    )
    joined = replace(machines, are_joining=False)
    assert readiness(nodes, "a", 5, None, joined).missing == (
        "5 of 6 worker processes are connected (eu-1 has 1 of 2)"
    )


def test_a_cluster_of_fleets_alone_has_no_machine_before_one_is_asked_for() -> None:
    assert readiness([], "a", 0, None, Machines(0, {"eu": 0})).missing == (
        "the cluster has no worker machines: ask a fleet for some with 'fleets' (--fleet)"
    )
    assert readiness([], "a", 0, None, Machines(0)).missing == (
        "the cluster has no worker machines: raise 'workers.count' in cluster.yaml and deploy"
    )
    # Some are there, from a run before.
    assert readiness(of_fleet("eu", 2), "a", 2, None, Machines(0, {"eu": 0})).missing is None


def test_counts_the_processes_with_which_a_run_could_begin() -> None:
    nodes = [node("worker-1", "a", ["ready", "missing"]), *of_fleet("eu", 4)]
    assert usable(nodes, "a", 5) == 5
    # Locust counts one less than what was heard of.
    assert usable(nodes, "a", 4) == 4
    assert usable([*nodes, node("worker-2", "b", ["ready"])], "a", 6) == 0
    assert usable([*nodes, node("worker-2", "b", ["missing"])], "a", 5) == 5


def test_does_not_count_on_a_machine_that_aws_is_about_to_end() -> None:
    there = node("eu-2", "a", ["ready", "ready"], "eu")
    leaves = {**node("eu-1", "a", ["draining", "draining"], "eu"), "state": "draining"}
    found = readiness([leaves, there], "a", 2, None, Machines(0, {"eu": 1}))
    assert found == Readiness(2, 2, None)
    short = readiness([leaves, there], "a", 2, None, Machines(0, {"eu": 2}))
    assert short.missing == "fleet eu: 1 of 2 machines joined"
