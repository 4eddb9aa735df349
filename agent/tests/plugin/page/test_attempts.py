"""Limits on wrong passwords, by themselves."""

from locust_cluster.plugin.page.attempts import REMEMBERED_ADDRESSES, Attempts


def fail(attempts: Attempts, address: str, times: int, now: float = 0) -> None:
    for _ in range(times):
        attempts.failed(address, now)


def test_lets_five_errors_pass_and_then_one_every_two_seconds() -> None:
    attempts = Attempts(0)
    fail(attempts, "192.0.2.1", 4)
    assert attempts.wait_s("192.0.2.1", 0) == 0
    fail(attempts, "192.0.2.1", 1)
    assert attempts.wait_s("192.0.2.1", 0) == 2
    assert attempts.wait_s("192.0.2.1", 2) == 0


def test_does_not_punish_others() -> None:
    attempts = Attempts(0)
    fail(attempts, "192.0.2.1", 1000)
    assert attempts.wait_s("192.0.2.2", 0) == 0


def test_limits_all_addresses_together_but_not_one_that_never_failed() -> None:
    attempts = Attempts(0)
    for n in range(100):
        attempts.failed(f"198.51.100.{n}", 0)
    assert attempts.wait_s("198.51.100.1", 0) > 0
    assert attempts.wait_s("192.0.2.2", 0) == 0
    assert attempts.wait_s("198.51.100.1", 1) == 0


def test_counts_an_ipv6_network_as_one() -> None:
    attempts = Attempts(0)
    for n in range(5):
        attempts.failed(f"2001:db8::{n}", 0)
    assert attempts.wait_s("2001:db8::ffff", 0) > 0
    assert attempts.wait_s("2001:db8:0:1::1", 0) == 0


def test_remembers_a_bounded_number_of_addresses() -> None:
    attempts = Attempts(0)
    for n in range(REMEMBERED_ADDRESSES + 5):
        attempts.failed(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", n)
    assert len(attempts._addresses) == REMEMBERED_ADDRESSES
