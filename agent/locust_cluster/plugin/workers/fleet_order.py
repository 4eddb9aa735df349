"""In which order the users of a test go to fleets and processes. Pure."""

import functools
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

Process = TypeVar("Process")

LEAST_ORDER = 1_000
"""Users after which the order of fleets repeats: many more than the order of user classes has."""

PASSES = 5


@functools.lru_cache
def fleet_order(shares: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    """The fleet of each user, from the first on; to be repeated without end.

    However many users there are, each fleet has its share of them to within one user.
    """
    divisor = math.gcd(*(share for _, share in shares))
    weights = {name: share // divisor for name, share in shares}
    order = _by_quota(weights)
    return tuple(_mixed(order * math.ceil(LEAST_ORDER / len(order)), weights))


def _by_quota(weights: Mapping[str, int]) -> list[str]:
    """As many users as the weights are together.

    Of the fleets that are behind their share, the next user goes to the one that would first be a
    whole user short (Balinski and Young's quota method, American Mathematical Monthly 82, 1975).
    """
    whole, users, order = sum(weights.values()), dict.fromkeys(weights, 0), []
    for number in range(1, whole + 1):
        behind = [name for name, weight in weights.items() if users[name] * whole < weight * number]
        name = min(behind, key=lambda each: (users[each] + 1) / weights[each])
        users[name] += 1
        order.append(name)
    return order


def _mixed(order: list[str], weights: Mapping[str, int]) -> list[str]:
    """Neighbours change places at random where the shares allow it, the same way every time.

    Locust's order of user classes is regular, too: of two classes and two fleets with a half each,
    every fleet would get the users of one class.
    """
    whole, chance = sum(weights.values()), random.Random(0)  # noqa: S311 (nothing secret)
    for _ in range(PASSES):
        users = dict.fromkeys(weights, 0)
        for number in range(1, len(order)):
            first, second = order[number - 1], order[number]
            users[first] += 1
            short = (users[first] - 1) * whole <= weights[first] * number - whole
            over = (users[second] + 1) * whole >= weights[second] * number + whole
            if first != second and not short and not over and chance.random() < 0.5:
                order[number - 1], order[number] = second, first
                users[first] -= 1
                users[second] += 1
    return order


class Places(Generic[Process]):
    """The process of each user: fleets by their shares, the processes of each fleet in turn."""

    def __init__(
        self, shares: Mapping[str, int], processes: Mapping[str, Sequence[Process]]
    ) -> None:
        """Every fleet that has a share has processes."""
        order = fleet_order(tuple(shares.items()))
        each_round, before = Counter(order), dict.fromkeys(shares, 0)
        self._turns = []
        for name in order:
            self._turns.append((processes[name], each_round[name], before[name]))
            before[name] += 1

    def at(self, user: int) -> Process:
        """Where a user is; the first is 0. So a ramp down goes the way back."""
        rounds, turn = divmod(user, len(self._turns))
        processes, each_round, before = self._turns[turn]
        return processes[(rounds * each_round + before) % len(processes)]
