"""Which addresses a tenant's server may have."""

import asyncio
import ipaddress

import pytest

from contor.runtime.outbound.addresses import Allowed, addresses_of, may_be

BY_DEFAULT = Allowed(local=False, private=True)
CARRIED = ("64:ff9b::{}", "64:ff9b:1::{}", "::{}", "::ffff:{}")
"""IPv6 addresses that carry one of IPv4, written at their end."""


def six_to_four(address: str) -> str:
    return str(ipaddress.IPv6Address((0x2002 << 112) | (int(ipaddress.IPv4Address(address)) << 80) | 1))


def teredo(server: str, client: str) -> str:
    """RFC 4380, 4: the client's address is turned over."""
    parts = (int(ipaddress.IPv4Address(server)) << 64) | (int(ipaddress.IPv4Address(client)) ^ 0xFFFFFFFF)
    return str(ipaddress.IPv6Address((0x20010000 << 96) | parts))


LOCAL = ("127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:127.0.0.1")
PRIVATE = ("10.1.2.3", "172.16.0.1", "192.168.1.1", "fd00::1", "100.64.0.1", "::ffff:10.0.0.1")
PUBLIC = ("8.8.8.8", "2a00:1450:4001:800::2004")


@pytest.mark.parametrize(
    ("addresses", "allowed", "may"),
    [
        (LOCAL, BY_DEFAULT, False),
        (LOCAL, Allowed(local=True, private=False), True),
        (PRIVATE, BY_DEFAULT, True),
        (PRIVATE, Allowed(local=True, private=False), False),
        (PUBLIC, Allowed(local=False, private=False), True),
        (("224.0.0.1", "ff02::1"), Allowed(local=True, private=True), False),
        *(
            ((*(form.format(address) for form in CARRIED), six_to_four(address), teredo("8.8.8.8", address)), allowed, may)
            for address, allowed, may in (
                ("127.0.0.1", BY_DEFAULT, False),
                ("169.254.169.254", BY_DEFAULT, False),
                ("10.1.2.3", Allowed(local=False, private=False), False),
                ("10.1.2.3", BY_DEFAULT, True),
                ("8.8.8.8", Allowed(local=False, private=False), True),
                ("224.0.0.1", Allowed(local=True, private=True), False),
            )
        ),
        ((teredo("127.0.0.1", "8.8.8.8"),), BY_DEFAULT, False),
    ],
)
def test_where_a_server_may_be(addresses: tuple[str, ...], allowed: Allowed, may: bool) -> None:
    assert {address: may_be(address, allowed) for address in addresses} == dict.fromkeys(addresses, may)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f000001"])
def test_a_name_is_judged_by_its_address(host: str) -> None:
    with pytest.raises(OSError, match="is no address for a server of a tenant"):
        asyncio.run(addresses_of(host, 22, BY_DEFAULT))
    assert asyncio.run(addresses_of(host, 22, Allowed(local=True, private=False)))
