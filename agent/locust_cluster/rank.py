"""Which one of the worker processes of a test this is, for locustfiles.

    from locust_cluster.rank import own_rank

    @events.test_start.add_listener
    def choose_accounts(**_):
        rank = own_rank().rank
        ACCOUNTS[:] = ALL_ACCOUNTS[rank * 100 : (rank + 1) * 100]

The master gives the ranks when a test begins. They hold to its end: a process that joins meanwhile
gets the rank of one that has left, or else the next one, and no other process's rank changes.
(Locust's own `worker_index` only grows while the master lives.) In Locust without a cluster, and on
the master, which makes no requests, a process is the first of one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rank:
    """Of one worker process in one test."""

    rank: int = 0
    """From 0. No two processes of a test have the same at the same time."""
    processes: int = 1
    """So many there were when this one got its rank: 1 more than the highest rank until then."""
    fleet_rank: int = 0
    """The same among the processes of its fleet; those that belong to none are together."""
    fleet_processes: int = 1


class RankError(RuntimeError):
    """This process has no rank yet."""


class _OwnRank:
    """Of this process; the plugin of a worker sets it."""

    def __init__(self) -> None:
        self.now: Rank | None = Rank()


OWN = _OwnRank()


def own_rank() -> Rank:
    """The rank of this process in the present test, or in the last one.

    Raises RankError in a worker of a cluster before its first test.
    """
    if OWN.now is None:
        raise RankError(
            "this process has no rank before the first test: "
            "call own_rank() in a listener of test_start or in a user"
        )
    return OWN.now
