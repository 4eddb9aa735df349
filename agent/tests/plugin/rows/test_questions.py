"""Workers' questions for rows and the master's answers, of which some are lost or late."""

from collections.abc import Iterator
from typing import Any

import gevent
import pytest
from gevent.event import AsyncResult
from locust.exception import RPCSendError
from locust.rpc import Message

from locust_cluster.common.constants import ROWS
from locust_cluster.plugin.rows import messages as row_messages
from locust_cluster.plugin.rows import questions as row_questions
from locust_cluster.plugin.rows.messages import OwnLeases
from locust_cluster.plugin.rows.questions import MasterLeases

FILE = "accounts.csv"


class Master:
    """Answers at once, except for messages that are to be lost."""

    def __init__(self, rows: int) -> None:
        self.leases = OwnLeases({FILE: rows})
        self.workers: dict[str, MasterLeases] = {}
        self.lose_questions = self.lose_answers = self.fail_sends = 0

    def worker(self, name: str) -> MasterLeases:
        master = self

        class Runner:
            def send_message(self, _: str, question: dict[str, Any]) -> None:
                gevent.spawn(master.receive, name, question)
                if master.fail_sends:
                    master.fail_sends -= 1
                    raise RPCSendError("broken")

        self.workers[name] = MasterLeases(Runner())  # type: ignore[arg-type]
        return self.workers[name]

    def receive(self, name: str, question: dict[str, Any]) -> None:
        if self.lose_questions:
            self.lose_questions -= 1
            return
        answer = self.leases.lend(name, question, set(self.workers))
        if self.lose_answers:
            self.lose_answers -= 1
            return
        self.workers[name].answer(Message(ROWS, answer, name))

    def free(self) -> list[int]:
        return self.leases.of(FILE).take("test", 100)


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (row_messages, row_questions):
        monkeypatch.setattr(module, "AGAIN_S", 0.02)
        monkeypatch.setattr(module, "ANSWER_WITHIN_S", 0.3)
    with gevent.Timeout(5):
        yield


def test_a_user_waits_for_the_row_of_one_that_is_ending_on_another_worker() -> None:
    master = Master(rows=1)
    old, new = master.worker("old"), master.worker("new")
    assert old.take(FILE) == 0
    waiting = gevent.spawn(new.take, FILE)
    gevent.sleep(0.1)
    assert not waiting.ready()
    old.give_back(FILE, 0, old.run)
    assert waiting.get() == 0


def test_a_user_waits_for_the_row_of_a_lost_worker() -> None:
    master = Master(rows=1)
    lost, other = master.worker("lost"), master.worker("other")
    lost.take(FILE)
    waiting = gevent.spawn(other.take, FILE)
    gevent.sleep(0.1)
    del master.workers["lost"]
    assert waiting.get() == 0


def test_a_user_waits_for_a_row_in_a_single_process() -> None:
    here = OwnLeases({FILE: 1})
    here.take(FILE)
    waiting = gevent.spawn(here.take, FILE)
    gevent.sleep(0.1)
    here.give_back(FILE, 0, here.run)
    assert waiting.get() == 0
    assert here.take(FILE) is None


def test_a_user_gets_none_when_the_others_keep_their_rows() -> None:
    worker = Master(rows=1).worker("a")
    assert [worker.take(FILE), worker.take(FILE)] == [0, None]


def test_a_user_is_told_that_the_master_does_not_answer_and_the_next_one_is_served() -> None:
    master = Master(rows=1)
    worker = master.worker("a")
    master.lose_questions = 1000
    with pytest.raises(gevent.Timeout):
        worker.take(FILE)
    master.lose_questions = 0
    assert worker.take(FILE) == 0


@pytest.mark.parametrize("lost", ["lose_questions", "lose_answers", "fail_sends"])
def test_a_lost_message_costs_no_row(lost: str) -> None:
    master = Master(rows=2)
    worker = master.worker("a")
    setattr(master, lost, 1)
    assert [worker.take(FILE), worker.take(FILE)] == [0, 1]
    worker.give_back(FILE, 0, worker.run)
    worker.give_back(FILE, 1, worker.run)
    setattr(master, lost, 1)
    gevent.sleep(0.1)
    assert master.free() == [0, 1]


def test_a_user_that_is_killed_while_it_waits_leaves_its_row_to_others() -> None:
    master = Master(rows=1)
    user = gevent.spawn(master.worker("a").take, FILE)
    gevent.sleep(0)  # it has asked
    user.kill(block=False)
    gevent.sleep(0.1)
    assert user.dead
    assert master.free() == [0]


def test_a_user_that_is_killed_as_its_row_arrives_leaves_it_to_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Place(AsyncResult):  # type: ignore[misc]
        def set(self, value: object = None) -> None:
            if value == 0:
                user.kill(block=False)
            super().set(value)

    monkeypatch.setattr(row_questions, "AsyncResult", Place)
    master = Master(rows=1)
    user = gevent.spawn(master.worker("a").take, FILE)
    gevent.sleep(0.1)
    assert isinstance(user.value, gevent.GreenletExit)
    assert master.free() == [0]


def test_a_run_that_begins_frees_what_the_answer_to_the_run_before_has_taken() -> None:
    master = Master(rows=1)
    worker = master.worker("a")
    user = gevent.spawn(worker.take, FILE)
    gevent.sleep(0)
    master.leases.begin_run()  # the question comes after it
    worker.begin_run()
    user.kill()
    gevent.sleep(0.1)
    assert worker.take(FILE) == 0


def test_a_lost_worker_that_comes_back_gets_no_row_that_others_have() -> None:
    leases = OwnLeases({FILE: 1})
    question = {"file": FILE, "number": 1, "begins": True, "want": 1, "back": []}
    assert leases.lend("lost", question, {"lost"})["rows"] == [0]
    assert leases.lend("other", question, {"other"})["rows"] == [0]
    assert leases.lend("lost", question, {"lost", "other"})["rows"] == []
