"""Carries packets between networks, each for as long as its way takes: `tc netem` is not in every kernel, TUN is.

Runs inside the simulator's namespace, which routes to the device what is to be carried. Each line of stdin lists all
ways from then on, such as [{"from": "10.77.0.0/16", "to": "10.78.0.0/16", "delayMs": 40}]. A packet without a way is
lost without an answer, also one that is on it. The first line of output says that the device is there. Ends when its
stdin does.
"""

from __future__ import annotations

import fcntl
import heapq
import ipaddress
import json
import os
import select
import struct
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
LARGEST_PACKET = 65_535
SETTINGS = {
    "ip_forward": 1,
    # A packet may come in by another device than its answer leaves by, or be from an endpoint, whose address is here.
    "conf/all/rp_filter": 0,
    "conf/{device}/rp_filter": 0,
    "conf/{device}/accept_local": 1,
    # Finds an endpoint's socket before the route is looked up; the packet is then dropped on its way to the device.
    "ip_early_demux": 0,
}


@dataclass
class Way:
    origin: ipaddress.IPv4Network
    destination: ipaddress.IPv4Network
    seconds: float


@dataclass
class Carrier:
    """Knows no device and no clock."""

    ways: list[Way] = field(default_factory=list)
    carried: list[tuple[float, int, bytes]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)
    known: dict[bytes, float | None] = field(default_factory=dict)

    def follow(self, line: str) -> None:
        network = ipaddress.IPv4Network
        self.ways = [Way(network(w["from"]), network(w["to"]), w["delayMs"] / 1000) for w in json.loads(line)]
        self.known = {}

    def seconds(self, packet: bytes) -> float | None:
        """Of its way; none for a packet of IPv6."""
        if packet[0] >> 4 != 4:
            return None
        addresses = packet[12:20]
        if addresses not in self.known:
            self.known[addresses] = self.find(addresses)
        return self.known[addresses]

    def find(self, addresses: bytes) -> float | None:
        origin, destination = (ipaddress.IPv4Address(part) for part in (addresses[:4], addresses[4:]))
        found = (way.seconds for way in self.ways if origin in way.origin and destination in way.destination)
        return next(found, None)

    def take(self, packet: bytes, now: float) -> None:
        seconds = self.seconds(packet)
        if seconds is not None:
            heapq.heappush(self.carried, (now + seconds, next(self.order), packet))

    def arrived(self, now: float) -> list[bytes]:
        packets = []
        while self.carried and self.carried[0][0] <= now:
            packets.append(heapq.heappop(self.carried)[2])
        return [packet for packet in packets if self.seconds(packet) is not None]

    def wait(self, now: float) -> float | None:
        """How long until the next arrival; None without one."""
        return max(0.0, self.carried[0][0] - now) if self.carried else None


def open_device(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    for setting, value in SETTINGS.items():
        Path("/proc/sys/net/ipv4", setting.format(device=name)).write_text(str(value))
    return device


def read_packets(device: int) -> list[bytes]:
    packets: list[bytes] = []
    try:
        while len(packets) < 256:
            packets.append(os.read(device, LARGEST_PACKET))
    except BlockingIOError:
        pass
    return packets


def main() -> None:
    device = open_device(sys.argv[1])
    print(json.dumps({"device": sys.argv[1]}), flush=True)
    carrier = Carrier()
    while True:
        readable, _, _ = select.select([sys.stdin, device], [], [], carrier.wait(time.monotonic()))
        if sys.stdin in readable:
            line = sys.stdin.readline()
            if not line:
                return
            carrier.follow(line)
        if device in readable:
            for packet in read_packets(device):
                carrier.take(packet, time.monotonic())
        for packet in carrier.arrived(time.monotonic()):
            os.write(device, packet)


if __name__ == "__main__":
    main()
