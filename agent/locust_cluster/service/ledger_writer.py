"""Puts this machine's ledger record into the store: on every change, and else once a minute.

500 machines that wrote every few seconds would cost a dollar an hour.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from locust_cluster.common.constants import LEDGER_EVERY_S
from locust_cluster.service.store import Store, StoreError

RETRY_S = (5, 10, 20, 40, 60)


class LedgerWriter:
    """Keeps only the newest record for a store that cannot be reached. Times in steady seconds."""

    def __init__(self, key: str, open_store: Callable[[], Store], now: float) -> None:
        self._key = key
        self._open_store = open_store
        self._store: Store | None = None
        self._written: dict[str, Any] | None = None
        self._due = now
        self._failures = 0

    def write(self, record: dict[str, Any], moment: dict[str, Any], now: float) -> bool:
        """Write the record if it is new or due, and the store is not being left alone.

        `moment` goes along, and is not a change by itself: the time, for example. True when it was
        written. Never raises for the store.
        """
        changed = record != self._written and self._failures == 0
        if not changed and now < self._due:
            return False
        try:
            self._store = self._store or self._open_store()
            self._store.put(self._key, json.dumps({**record, **moment}).encode())
        except StoreError as error:
            wait_s = RETRY_S[min(self._failures, len(RETRY_S) - 1)]
            self._failures += 1
            self._due = now + wait_s
            print(f"agent: {error}; trying again in {wait_s} s", file=sys.stderr)
            return False
        self._failures = 0
        self._written = record
        self._due = now + LEDGER_EVERY_S
        return True
