"""Names and addresses in the headers `Host` and `Origin`. Pure."""

import ipaddress
import re

Place = tuple[str, str]
"""Host, in its normal spelling, and port: empty for the scheme's own.

Browsers leave out that port in both headers (WHATWG URL Standard, "default port"). The scheme says
nothing here: a proxy may take away TLS.
"""

# No user, no path: nothing that another reader of the header could take for another host.
_AUTHORITY = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::([0-9]{1,5}))?", re.IGNORECASE)


def read_host(header: str) -> Place | None:
    """Read `Host`; None when there is no host in it."""
    found = _AUTHORITY.fullmatch(header)
    if found is None:
        return None
    ipv6, name, port = found.groups()
    return normal_host(ipv6 or name), port or ""


def read_origin(header: str) -> Place | None:
    """Read `Origin`; None for `null` (a file, a sandboxed frame) and what is no web site."""
    scheme, _, authority = header.partition("://")
    return read_host(authority) if scheme.lower() in ("http", "https") else None


def normal_host(host: str) -> str:
    """One spelling for each name and address: lower case, no dot at the end."""
    name = host.lower().removesuffix(".")
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name


def is_loopback(host: str) -> bool:
    """`localhost`, 127.0.0.0/8 or ::1, in their normal spelling."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
