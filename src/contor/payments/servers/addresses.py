"""Where a tenant's server may be: a name is looked up once, and what is connected to is the address that was judged."""

import asyncio
import ipaddress
import socket
from typing import NamedTuple

from contor.runtime.config import Config


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
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_multicast:
        return False
    if ip.is_loopback or ip.is_link_local or ip.is_unspecified:
        return allowed.local
    return ip.is_global or allowed.private
