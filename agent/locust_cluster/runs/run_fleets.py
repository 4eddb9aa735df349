"""The machines that a run asks fleets for: whether it may, who has joined, who is missing. Pure."""

import difflib
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from locust_cluster.common.documents import api
from locust_cluster.common.fleet import Fleet
from locust_cluster.common.fleet_supply import FleetSupply, Supply
from locust_cluster.common.run_needs import RunNeeds
from locust_cluster.runs.lifecycle import AWAITING
from locust_cluster.runs.request_error import RequestError, shown
from locust_cluster.runs.run import Run

NOT_ASKED = "the master's agent has not asked AWS yet (see 'locust-cluster status' if it lasts)"


def check_fleets(asked: Mapping[str, int], fleets: Mapping[str, Fleet]) -> None:
    """Raise RequestError for a fleet that the cluster does not have, and for too many machines."""
    for name, machines in asked.items():
        field = f"fleets.{shown(name)}"
        fleet = fleets.get(name)
        if fleet is None:
            raise RequestError(no_fleet(name, [*fleets]), field)
        if machines > fleet.max:
            raise RequestError(
                f"'{field}' must be at most {fleet.max} ({field}.max in cluster.yaml), "
                f"got {machines}",
                field,
            )


def no_fleet(name: str, known: Sequence[str]) -> str:
    """Says what the cluster has instead."""
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}"
    return f"the cluster has no fleet '{shown(name)}': {hint}"


def removed_fleet(asked: Mapping[str, int], fleets: Container[str]) -> str | None:
    """A deploy has removed it since; None when all are there."""
    gone = [name for name, machines in asked.items() if machines and name not in fleets]
    if not gone:
        return None
    return f"the cluster has no fleet '{gone[0]}' any more: deploy it again, or run without it"


def needs_of(run: Run | None) -> RunNeeds | None:
    """What the run that is not over needs of fleets: what it asks for, and all that is there."""
    if run is None:
        return None
    created, request, ends = run.facts.created, run.facts.request, None
    if request.run_time is not None:
        # One that has not begun may still wait to the last moment.
        begins = run.times.started or created + request.wait_timeout
        ends = begins + request.run_time
    return RunNeeds(run.id, created, _needed(run), ends)


def _needed(run: Run) -> dict[str, int]:
    """Once it begins, no more than AWS had started by then: later ones would change its load."""
    asked = dict(run.facts.request.fleets)
    if run.lifecycle.now in AWAITING:
        return asked
    there = {name: _there(fleet) for name, fleet in run.workers.fleets.items()}
    return {name: min(machines, there.get(name, machines)) for name, machines in asked.items()}


def _there(fleet: api.RunFleet) -> int:
    return fleet["joined"] if fleet["started"] is None else fleet["started"]


def look_at(run: Run, workers: Iterable[Mapping[str, Any]], supply: Supply) -> None:
    """Note in a run how its fleets are. `workers` as GET /cluster/nodes shows them."""
    joined = joined_machines(workers)
    answers = supply.fleets if supply.run == run.id else {}
    run.workers.answered |= {name for name, each in answers.items() if each.started is not None}
    run.workers.fleets = {
        name: _fleet(asked, joined.get(name, 0), answers.get(name, FleetSupply()))
        for name, asked in run.facts.request.fleets.items()
    }


def joined_machines(workers: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Machines with all their processes, by fleet."""
    joined: dict[str, int] = {}
    for node in workers:
        if 0 < present(node) >= node["expected_processes"]:
            joined[node["fleet"]] = joined.get(node["fleet"], 0) + 1
    return joined


def present(node: Mapping[str, Any]) -> int:
    """Processes of a machine that a run can count on."""
    return sum(process["state"] == "ready" for process in node["processes"])


def missing_machines(fleets: Mapping[str, api.RunFleet], answered: Container[str]) -> str | None:
    """What the fleets still owe a run; None when it has what it asked for.

    A machine that is there may be about to leave: AWS does not count it among the started ones.
    None leaves any more when AWS has `answered` this run.
    """
    missing = []
    for name, fleet in fleets.items():
        joined, asked, started = fleet["joined"], fleet["asked"], fleet["started"]
        if asked and started is None and name not in answered:
            missing.append(short_of(name, joined, asked, fleet["problem"] or NOT_ASKED))
        elif (there := joined if started is None else min(joined, started)) < asked:
            missing.append(short_of(name, there, asked, fleet["problem"]))
    return "; ".join(missing) or None


def why_more_than_asked(fleets: Mapping[str, api.RunFleet]) -> str | None:
    """Who keeps the machines that a run has not asked for; None when there are none."""
    kept = [f"fleet {name}: {fleet['kept']}" for name, fleet in fleets.items() if fleet["kept"]]
    return "; ".join(kept) or None


def short_of(fleet: str, joined: int, expected: int, problem: str | None) -> str:
    sentence = f"fleet {fleet}: {joined} of {expected} machines joined"
    return f"{sentence}: {problem}" if problem else sentence


def _fleet(asked: int, joined: int, answer: FleetSupply) -> api.RunFleet:
    return {
        "asked": asked,
        "started": answer.started,
        "joined": joined,
        "problem": answer.problem,
        "kept": answer.kept,
    }
