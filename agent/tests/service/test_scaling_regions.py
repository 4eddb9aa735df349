"""Fleets in several regions: one that is away keeps no other waiting."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from scaling_master import EU, Account, Master, group, state

from locust_cluster.service.groups import Group, ScalingError

AWAY = "Auto Scaling in us-west-2 told no groups: it is away"


class Region(Account):
    """One that may not answer."""

    is_away = True

    def find(self) -> Mapping[str, Group]:
        groups = super().find()
        if self.is_away:
            raise ScalingError(AWAY)
        return groups


def test_a_region_that_is_away_neither_hides_nor_slows_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, west = Account(eu=2), Region(west=0, more=0)
    home.gives = 3
    regions: dict[str, Account] = {"us-east-1": home, "us-west-2": west}
    master = Master(tmp_path, home)
    monkeypatch.setattr(master, "open", regions.__getitem__)
    there = {**EU, "region": "us-west-2"}
    master.tell({"eu": EU, "west": there, "more": there})
    master.need(eu=4, west=4)

    assert master.look(0) == [("eu", 4)]
    assert master.scaling.state["west"] == state(None, error=AWAY, started=None)
    for now in range(1, 40):
        master.look(now)
    assert master.scaling.state["eu"] == state(4, started=3, problem="AWS has no capacity")
    # One is asked every 5 s while machines are missing, the other at 0, 5, 15 and 35 s, once for
    # both of its fleets.
    assert (home.asked, west.asked) == (8, 4)
    assert capsys.readouterr().err.count(AWAY) == 2

    west.is_away = False
    home.groups["eu"] = replace(group("eu", 4), shrinks=True)
    for now in range(40, 76):
        master.look(now)
    assert sorted(west.set) == [("more", 2), ("west", 4)]
    assert master.scaling.state["west"] == state(4, started=0)
