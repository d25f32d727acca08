"""Where a tenant's server may be: a name is looked up once, and what is connected to is the address that was judged."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import NamedTuple

from contor.runtime.config import Config
from contor.runtime.outbound.urls import target_of

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host and port. Raises OSError where it has none."""


class Allowed(NamedTuple):
    """What the installation lets its tenants name."""

    local: bool
    """This machine, and what is on its link."""
    private: bool
    """Private networks."""
    networks: str = ""
    """Networks beside these, parted by commas, whatever they are: `10.1.0.0/16,127.0.0.1/32`."""

    @classmethod
    def by(cls, config: Config) -> "Allowed":
        """For servers of banks, which are often in one's own network."""
        return cls(config.local_servers, config.private_servers, config.outbound_networks)

    @classmethod
    def of_calls(cls, config: Config) -> "Allowed":
        """For what is called by HTTP: public addresses, and what the operator lists."""
        return cls(local=False, private=False, networks=config.outbound_networks)


async def resolved(host: str, port: int) -> Sequence[str]:
    """As the machine looks names up. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def addresses_of(host: str, port: int, allowed: Allowed, resolve: Resolve = resolved) -> list[str]:
    """Those of the host, where all of them may be spoken to. Raises OSError; PermissionError where one may not."""
    addresses = list(dict.fromkeys(await resolve(host, port)))
    for address in addresses:
        if not may_be(address, allowed):
            raise PermissionError(
                f"{address} is no address for a server of a tenant"
                " (CONTOR_LOCAL_SERVERS, CONTOR_PRIVATE_SERVERS, CONTOR_OUTBOUND_NETWORKS)"
            )
    return addresses


def may_be(address: str, allowed: Allowed) -> bool:
    """Whether a tenant's server may have this address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(_may_be(meant, allowed) for meant in _meant(ip))


def why_not_called(url: str, allowed: Allowed) -> str | None:
    """What is already known against calling an address of the web, as the end of a sentence about the field; None: nothing, until its name
    is looked up."""
    try:
        target = target_of(url)
    except ValueError as error:
        return str(error)
    if target.is_literal and not may_be(target.host, allowed):
        return "is at an address that is not called: the operator lists networks beside public ones (CONTOR_OUTBOUND_NETWORKS)"
    is_listed_perhaps = is_listed(target.host, allowed) if target.is_literal else bool(allowed.networks)
    if target.scheme == "http" and not is_listed_perhaps:
        return "begins with http://, and nothing is sent over public networks without TLS"
    return None


def is_listed(address: str, allowed: Allowed) -> bool:
    """Whether the operator named the address himself."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(_is_listed(meant, allowed) for meant in _meant(ip))


_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
"""RFC 6052 and, for a network's own use, RFC 8215."""
_COMPATIBLE = ipaddress.IPv6Network("::/96")
"""RFC 4291, 2.5.5.1."""
_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")
"""RFC 2765, 2.1."""
_METADATA = (
    ipaddress.ip_address("169.254.169.254"),
    ipaddress.ip_address("fd00:ec2::254"),
    ipaddress.ip_address("100.100.100.200"),
)
"""Where clouds tell a machine its credentials: as near as its link, whatever network the address is of."""


def _meant(ip: _Address) -> Sequence[_Address]:
    """What is spoken to by an address: the IPv4 addresses that it carries, to which a gateway takes what is sent there, else itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.teredo is not None:
        return ip.teredo
    if carried := ip.ipv4_mapped or ip.sixtofour:
        return [carried]
    if any(ip in network for network in (*_NAT64, _TRANSLATED)) or (
        ip in _COMPATIBLE and int(ip) > 1
    ):  # `::` and `::1` are no IPv4
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    return [ip]


def _may_be(ip: _Address, allowed: Allowed) -> bool:
    if _is_listed(ip, allowed):
        return True
    if ip.is_multicast:
        return False
    if ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip in _METADATA:
        return allowed.local
    return ip.is_global or allowed.private


def _is_listed(ip: _Address, allowed: Allowed) -> bool:
    return any(ip in network for network in networks(allowed.networks))


@cache
def networks(text: str) -> tuple[_Network, ...]:
    """Those of a setting. Raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
