"""Which number each worker process of a test gets, and how a locustfile reads its own."""

import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from worker_messages import IDENTITY

from locust_cluster.common.identity import to_report
from locust_cluster.plugin.incoming import introductions
from locust_cluster.plugin.incoming.introductions import Introductions
from locust_cluster.plugin.workers.rank_messages import RanksOnMaster, take_rank
from locust_cluster.plugin.workers.ranks import Member, Ranks
from locust_cluster.plugin.workers.roster import Roster
from locust_cluster.rank import OWN, Rank, RankError, own_rank


def member(number: int, fleet: str = "eu", process: int = 1) -> Member:
    return Member(f"id-{number}", fleet, (f"i-{fleet}-{number}", process))


def test_numbers_all_and_those_of_each_fleet() -> None:
    ranks = Ranks([member(1, ""), member(2), member(3), member(4, "us"), Member("bare")])
    assert ranks.of_start() == [
        Rank(0, 5, 0, 2),
        Rank(1, 5, 0, 2),
        Rank(2, 5, 1, 2),
        Rank(3, 5, 0, 1),
        Rank(4, 5, 1, 2),
    ]


def test_one_that_joins_gets_a_free_rank_or_the_next() -> None:
    ranks = Ranks([member(1), member(2), member(3, "us")])
    assert ranks.join(member(4), ["id-1", "id-2", "id-3", "id-4"]) == Rank(3, 4, 2, 3)
    assert ranks.join(member(5), ["id-1", "id-3", "id-4", "id-5"]) == Rank(1, 4, 1, 3)
    # The rank of one of another fleet is free, in its own fleet none is.
    assert ranks.join(member(6), ["id-1", "id-4", "id-5", "id-6"]) == Rank(2, 4, 3, 4)


def test_one_that_says_again_that_it_is_ready_keeps_its_rank() -> None:
    ranks = Ranks([member(1), member(2)])
    assert ranks.join(member(2), ["id-1"]) == Rank(1, 2, 1, 2)


def test_a_process_that_was_started_anew_has_the_rank_of_the_one_before() -> None:
    ranks = Ranks([member(1), member(2), member(3)])
    again = Member("id-9", "eu", ("i-eu-2", 1))
    assert ranks.join(again, ["id-1", "id-3", "id-9"]) == Rank(1, 3, 1, 3)
    # The one before is back for a moment: it has none.
    assert ranks.join(member(4), ["id-1", "id-3", "id-4", "id-9"]) == Rank(3, 4, 3, 4)


def test_one_that_names_the_place_of_another_does_not_get_its_rank() -> None:
    ranks = Ranks([member(1), member(2)])
    assert ranks.join(Member("thief", "eu", ("i-eu-1", 1)), ["id-1", "id-2", "thief"]).rank == 2
    assert ranks.join(member(1), ["id-1", "id-2", "thief"]).rank == 0


def test_a_killed_process_leaves_its_rank_before_locust_has_noticed_it() -> None:
    roster, said, told = Roster(), Introductions(), list[tuple[str, int]]()
    connected = {"before", "other"}
    worker = SimpleNamespace(state="running", user_count=1)

    def tell(_: str, rank: dict[str, int], id: str) -> None:
        told.append((id, rank["rank"]))

    runner: Any = SimpleNamespace(state="running", clients={}, send_message=tell)
    ranks = RanksOnMaster(roster, said, connected.__contains__)
    ranks.attach(runner)

    def connect(id: str, index: int) -> None:
        runner.clients[id] = worker
        said.add(id, {**to_report(IDENTITY), "index": index})
        ranks._worker_connect(id)

    connect("before", 1)
    connect("other", 2)
    connect("thief", 1)
    connected.remove("before")
    connect("after", 1)
    assert told == [("before", 0), ("other", 1), ("thief", 2), ("after", 0)]
    assert [each.place for each in roster.members(["after", "thief"])] == [("i-1", 1), None]


@pytest.mark.parametrize("seed", range(20))
def test_no_two_have_the_same_rank_whoever_comes_and_goes(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (repeatable)
    fleets = ["", "eu", "us"]
    here = {each.client_id: each for each in (member(n, chance.choice(fleets)) for n in range(9))}
    ranks = Ranks(here.values())
    have = dict(zip(here, ranks.of_start(), strict=True))
    for number in range(10, 200):
        if len(here) > 1 and chance.random() < 0.5:
            gone = chance.choice(list(here))
            here.pop(gone), have.pop(gone)
        else:
            new = member(number, chance.choice(fleets))
            here[new.client_id] = new
            have[new.client_id] = ranks.join(new, here)
            assert have[new.client_id].rank < have[new.client_id].processes
        assert len({rank.rank for rank in have.values()}) == len(here)
        places = {(here[id].fleet, rank.fleet_rank) for id, rank in have.items()}
        assert len(places) == len(here)


def test_the_order_of_ranks_is_that_of_fleets_machines_and_processes() -> None:
    roster = Roster()
    for client, fleet, node, index in [
        ("a", "eu", "eu-10", 1),
        ("b", "", "worker-1", 2),
        ("c", "eu", "eu-9", 1),
        ("d", "", "worker-1", 1),
    ]:
        own = {"fleet": fleet, "node": node, "index": index, "instance_id": f"i-{node}"}
        roster.report(client, type(IDENTITY)(**{**to_report(IDENTITY), **own}), 0)
    assert [each.client_id for each in roster.members(["z", "a", "b", "c", "d"])] == [*"dbcaz"]
    assert roster.members(["b", "z"]) == [Member("b", "", ("i-worker-1", 2)), Member("z")]
    assert roster.fleets() == {"a": "eu", "b": "workers", "c": "eu", "d": "workers"}


def test_an_introduction_holds_until_its_worker_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(introductions, "MOST", 1)
    said = Introductions()
    said.add("b", to_report(IDENTITY))
    said.add("a", to_report(IDENTITY))
    said.add("a", {**to_report(IDENTITY), "fleet": "eu"})
    assert said.take("b") is None  # the oldest goes
    found = said.take("a")
    assert found is not None
    assert found.fleet == "eu"
    assert said.take("a") is None
    said.add("a", {"of": "another agent"})
    assert said.take("a") is None


@pytest.fixture
def own() -> Iterator[None]:
    before = OWN.now
    yield
    OWN.now = before


@pytest.mark.usefixtures("own")
def test_a_locustfile_reads_the_rank_of_its_process() -> None:
    assert own_rank() == Rank(0, 1, 0, 1)  # in Locust without a cluster
    OWN.now = None
    with pytest.raises(RankError, match=r"^this process has no rank before the first test: call"):
        own_rank()
    take_rank({"rank": 3, "processes": 8, "fleet_rank": 1, "fleet_processes": 4})
    assert own_rank() == Rank(3, 8, 1, 4)
