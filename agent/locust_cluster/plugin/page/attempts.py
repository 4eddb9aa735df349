"""Limits wrong passwords without locking out the right one. Pure: the caller brings the time.

A token bucket for each address. One more for all addresses together, which stops only those that
have failed before: an attacker with many addresses cannot lock out someone who has not.
"""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass

ADDRESS_BURST = 5
ADDRESS_SECONDS_EACH = 2.0
"""After five quick typing errors one attempt every 2 s: 43,000 a day, against 2^100 passwords."""

TOTAL_BURST = 100
TOTAL_SECONDS_EACH = 0.05
"""Twenty a second over all addresses: a few per cent of a core at most."""

REMEMBERED_ADDRESSES = 10_000
"""About 3 MB; the one that failed longest ago is forgotten first."""


@dataclass
class _Bucket:
    """`left` attempts at time `at`; one more every `seconds_each` up to `burst`."""

    burst: int
    seconds_each: float
    left: float
    at: float

    def refill(self, now: float) -> None:
        self.left = min(self.burst, self.left + (now - self.at) / self.seconds_each)
        self.at = now

    @property
    def wait_s(self) -> float:
        return max(0.0, (1 - self.left) * self.seconds_each)


class Attempts:
    """Failed attempts to log in. Times in seconds of any steady clock."""

    def __init__(self, now: float) -> None:
        self._addresses: OrderedDict[str, _Bucket] = OrderedDict()
        self._total = _Bucket(TOTAL_BURST, TOTAL_SECONDS_EACH, TOTAL_BURST, now)

    def wait_s(self, address: str, now: float) -> float:
        """How long this address has to wait before it may try; 0 for at once."""
        bucket = self._addresses.get(network_of(address))
        if bucket is None:
            return 0.0
        bucket.refill(now)
        self._total.refill(now)
        return max(bucket.wait_s, self._total.wait_s)

    def failed(self, address: str, now: float) -> None:
        """Count a wrong password."""
        network = network_of(address)
        bucket = self._addresses.pop(network, None)
        if bucket is None:
            bucket = _Bucket(ADDRESS_BURST, ADDRESS_SECONDS_EACH, ADDRESS_BURST, now)
        self._addresses[network] = bucket
        for each in (bucket, self._total):
            each.refill(now)
            each.left = max(0.0, each.left - 1)
        if len(self._addresses) > REMEMBERED_ADDRESSES:
            self._addresses.popitem(last=False)


def network_of(address: str) -> str:
    """Everyone with IPv6 has a whole /64: count it as one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ip if ip.version == 4 else ipaddress.ip_network((ip, 64), strict=False))
