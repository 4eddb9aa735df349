"""Puts this machine's ledger record into the store: on every change, and else once a minute.

500 machines that wrote every few seconds would cost a dollar an hour.
"""

import json
from collections.abc import Callable, Mapping

from locust_cluster.common.constants import LEDGER_EVERY_S
from locust_cluster.service.backoff import Backoff
from locust_cluster.service.journal import say
from locust_cluster.service.ledger import MOMENTARY
from locust_cluster.service.store import Store, StoreError


class LedgerWriter:
    """Keeps only the newest record for a store that cannot be reached. Times in steady seconds."""

    def __init__(self, key: str, open_store: Callable[[], Store], now: float) -> None:
        self._key = key
        self._open_store = open_store
        self._store: Store | None = None
        self._written: dict[str, object] | None = None
        self._due = now
        self._backoff = Backoff(longest_s=60)

    def write(self, record: Mapping[str, object], now: float) -> bool:
        """Write the record if it is new or due, and the store is not being left alone.

        True when it was written. Never raises for the store.
        """
        if now < self._backoff.until:
            return False
        lasting = {name: value for name, value in record.items() if name not in MOMENTARY}
        if lasting == self._written and now < self._due:
            return False
        try:
            self._store = self._store or self._open_store()
            self._store.put(self._key, json.dumps(record).encode())
        except StoreError as error:
            wait_s = self._backoff.failed(now)
            say(f"{error}; trying again in {wait_s} s")
            return False
        self._backoff.worked()
        self._written = lasting
        self._due = now + LEDGER_EVERY_S
        return True
