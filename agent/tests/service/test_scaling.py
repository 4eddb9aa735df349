"""Fleets are kept at their sizes: when Auto Scaling is asked, what it is told, what it refuses."""

from dataclasses import replace
from pathlib import Path

import pytest
from scaling_master import EU, Account, Master, group, refusing, state


@pytest.fixture
def master(tmp_path: Path) -> Master:
    return Master(tmp_path, Account(eu=0))


def test_sets_what_differs_at_its_start_and_asks_again_once_a_minute(master: Master) -> None:
    assert master.look(0) == [("eu", 2)]
    assert master.scaling.state == {"eu": state(2, started=0)}
    assert not any(master.look(now) for now in range(1, 121))
    assert master.account.asked == 3
    # Somebody else set it: the master alone does.
    master.account.groups["eu"] = group("eu", 4)
    assert [(now, *told) for now in range(121, 181) if (told := master.look(now))] == [
        (180, ("eu", 2))
    ]


def test_follows_the_manifest_at_once(master: Master) -> None:
    master.look(0)
    master.account.groups["us"] = group("us", 0)
    master.tell({"eu": {**EU, "size": 3}, "us": {**EU, "size": 1}})
    assert sorted(master.look(1)) == [("eu", 3), ("us", 1)]
    master.tell({"eu": {**EU, "size": 0}})
    assert master.look(2) == [("eu", 0)]
    assert list(master.scaling.state) == ["eu"]


def test_asks_for_nothing_in_a_cluster_without_fleets(master: Master) -> None:
    master.tell({})
    assert not any(master.look(now) for now in range(200))
    assert (master.account.asked, master.scaling.state) == (0, {})


def test_leaves_a_group_alone_that_terraform_drains(master: Master) -> None:
    master.account.groups["eu"] = replace(group("eu", 0), most=0)
    assert master.look(0) == []
    assert master.scaling.state == {
        "eu": state(
            0,
            problem="its Auto Scaling group takes 0 machines at most: "
            "wait for the deploy that is on, or deploy again",
        )
    }


def test_says_once_why_aws_refuses_and_tries_again_less_and_less_often(
    master: Master, capsys: pytest.CaptureFixture[str]
) -> None:
    master.account.refusal = "AWS does not want to"
    for now in range(100):
        master.look(now)
    # At 0, 5, 15, 35 and 75 s.
    assert master.account.asked == 5
    assert capsys.readouterr().err == (
        "agent: fleet eu: AWS does not want to; trying again in 5 s\n"
    )
    assert master.scaling.state == {"eu": state(0, error="AWS does not want to")}
    master.account.refusal = None
    assert [now for now in range(100, 200) if master.look(now)] == [135]
    assert capsys.readouterr().err == "agent: fleet eu: capacity 0 set to 2\n"
    assert master.scaling.state == {"eu": state(2)}


def test_a_refused_fleet_does_not_keep_another(master: Master) -> None:
    master.tell({"eu": EU, "us": EU})
    assert master.look(0) == [("eu", 2)]
    assert master.scaling.state["us"] == state(
        None, error="it has no Auto Scaling group: deploy again"
    )


def test_a_refused_fleet_slows_no_other_of_its_region(tmp_path: Path) -> None:
    master = Master(tmp_path, Account(eu=0, us=0))
    master.account.refusal, master.account.refused = "AWS does not want to", {"us"}
    master.account.gives = 3
    master.tell({"eu": EU, "us": EU})
    master.need(eu=4)
    for now in range(121):
        master.look(now)
    # Every 5 s for that which waits for its machines; at 0, 5, 15, 35 and 75 s for the other.
    assert (master.account.asked, master.account.refusals) == (25, 5)
    assert master.supply.fleets["us"].problem == "AWS does not want to"
    master.account.change("eu", started=4, in_service=4)
    master.look(125)
    assert master.supply.fleets["eu"].started == 4


def test_says_which_cluster_it_cannot_tell(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(master, "open", refusing("no tag here"))
    master.start()
    assert master.look(0) == []
    assert master.scaling.state == {"eu": state(None, error="no tag here")}
