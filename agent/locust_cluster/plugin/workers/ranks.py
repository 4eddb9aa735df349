"""Numbers the worker processes of a test. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from locust_cluster.rank import Rank

Place = tuple[str, int]
"""Instance and number of the process on it: one that is started anew has that of the one before."""


@dataclass(frozen=True)
class Member:
    """A worker process of a test."""

    client_id: str
    fleet: str = ""
    place: Place | None = None
    """None until it has said who it is."""


class Ranks:
    """Of one test."""

    def __init__(self, members: Iterable[Member]) -> None:
        """`members` are there when it begins, in the order of their ranks."""
        self._all = _Numbers()
        self._fleets: dict[str, _Numbers] = {}
        self._at_place: dict[Place, str] = {}
        self._at_start = [self._add(member, None) for member in members]

    def of_start(self) -> list[Rank]:
        """Of those that were there at the start, in the same order."""
        fleets = self._fleets
        return [
            Rank(rank, len(self._all), fleet_rank, len(fleets[fleet]))
            for fleet, rank, fleet_rank in self._at_start
        ]

    def join(self, member: Member, here: Collection[str]) -> Rank:
        """One has come, `here` being the ids of all that are there, or may be back.

        It keeps the rank that it has. A process that was started anew gets that of the one in its
        place before; else the first that is free, or the next.
        """
        fleet, rank, fleet_rank = self._add(member, here)
        return Rank(rank, len(self._all), fleet_rank, len(self._fleets[fleet]))

    def _add(self, member: Member, here: Collection[str] | None) -> tuple[str, int, int]:
        before = self._at_place.get(member.place) if member.place else None
        if here is None or before in here:
            before = None  # it lives, and keeps its rank
        if member.place:
            self._at_place[member.place] = member.client_id
        numbers = self._fleets.setdefault(member.fleet, _Numbers())
        rank = self._all.take(member.client_id, before, here)
        return member.fleet, rank, numbers.take(member.client_id, before, here)


class _Numbers:
    """From 0: who has which."""

    def __init__(self) -> None:
        self._holders: list[str] = []
        self._by_holder: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._holders)

    def take(self, holder: str, before: str | None, here: Collection[str] | None) -> int:
        number = self._by_holder.get(holder)
        if number is None and before is not None:
            number = self._by_holder.get(before)
        if number is None and here is not None:
            gone = (each for each, old in enumerate(self._holders) if old not in here)
            number = next(gone, None)
        if number is None:
            number = len(self._holders)
            self._holders.append(holder)
        self._by_holder.pop(self._holders[number], None)
        self._holders[number] = holder
        self._by_holder[holder] = number
        return number
