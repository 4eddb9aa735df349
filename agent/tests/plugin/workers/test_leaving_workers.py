"""What the master believes of a leave."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from locust.rpc import Message
from worker_messages import CLIENT, IDENTITY, leaving

from locust_cluster.common.identity import Identity, to_report
from locust_cluster.plugin.incoming.inbox import Inbox
from locust_cluster.plugin.workers.leaving_workers import LeavingWorkers


@pytest.mark.parametrize(
    "known",
    [None, replace(IDENTITY, instance_id="i-other"), replace(IDENTITY, index=2)],
)
def test_nobody_says_that_another_machine_leaves(known: Identity | None) -> None:
    began, inbox = begin(known)
    assert began == []
    assert inbox.dropped.count == 1
    assert inbox.dropped.last == (
        f"{CLIENT} says that process 1 of i-1 leaves, and is another process"
    )


def test_a_machine_that_leaves_has_the_name_that_it_had_before() -> None:
    began, inbox = begin(IDENTITY, {**to_report(IDENTITY), "node": "eu-1", "fleet": "eu"})
    assert [(each.node, each.fleet) for each in began] == [("worker-1", "")]
    assert inbox.dropped.count == 0


def test_the_end_of_a_machine_is_written_as_all_times_are() -> None:
    began, _ = begin(IDENTITY, ends="2026-11-27\n13:02:00+01:00")
    assert [each.ends for each in began] == ["2026-11-27T12:02:00.000Z"]


def begin(
    known: Identity | None, told: dict[str, Any] | None = None, **more: str
) -> tuple[list[Any], Inbox]:
    runner: Any = SimpleNamespace(
        clients={}, worker_indexes={CLIENT: 0}, check_stopped=None, handle_message=None
    )
    began: list[Any] = []
    inbox = Inbox()
    workers = LeavingWorkers(
        runner, lambda _: known, lambda _, leaving: began.append(leaving), lambda _: None
    )
    workers.install()
    inbox.attach(runner)
    data = leaving(**more, **({"cluster_node": told} if told else {}))
    runner.handle_message(CLIENT, Message("cluster_leaving", data, CLIENT))
    return began, inbox
