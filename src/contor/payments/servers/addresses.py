"""Where a tenant's server may be: a name is looked up once, and what is connected to is the address that was judged."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from typing import NamedTuple

from contor.runtime.config import Config

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Allowed(NamedTuple):
    """What the installation lets its tenants name."""

    local: bool
    """This machine, and what is on its link."""
    private: bool
    """Private networks."""

    @classmethod
    def by(cls, config: Config) -> "Allowed":
        return cls(config.local_servers, config.private_servers)


async def addresses_of(host: str, port: int, allowed: Allowed) -> list[str]:
    """Those of the host, where all of them may be spoken to. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not may_be(address, allowed):
            raise PermissionError(
                f"{address} is no address for a server of a tenant (CONTOR_LOCAL_SERVERS, CONTOR_PRIVATE_SERVERS)"
            )
    return addresses


def may_be(address: str, allowed: Allowed) -> bool:
    """Whether a tenant's server may have this address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(_may_be(meant, allowed) for meant in _meant(ip))


_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
"""RFC 6052 and, for a network's own use, RFC 8215."""
_COMPATIBLE = ipaddress.IPv6Network("::/96")
"""RFC 4291, 2.5.5.1."""


def _meant(ip: _Address) -> Sequence[_Address]:
    """What is spoken to by an address: the IPv4 addresses that it carries, to which a gateway takes what is sent there, else itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.teredo is not None:
        return ip.teredo
    if carried := ip.ipv4_mapped or ip.sixtofour:
        return [carried]
    if any(ip in network for network in _NAT64) or (ip in _COMPATIBLE and int(ip) > 1):  # `::` and `::1` are no IPv4 addresses
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    return [ip]


def _may_be(ip: _Address, allowed: Allowed) -> bool:
    if ip.is_multicast:
        return False
    if ip.is_loopback or ip.is_link_local or ip.is_unspecified:
        return allowed.local
    return ip.is_global or allowed.private
