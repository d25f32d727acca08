"""Which addresses a tenant's server may have."""

import asyncio

import pytest

from contor.payments.servers.addresses import Allowed, addresses_of, may_be

BY_DEFAULT = Allowed(local=False, private=True)
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
    ],
)
def test_where_a_server_may_be(addresses: tuple[str, ...], allowed: Allowed, may: bool) -> None:
    assert {address: may_be(address, allowed) for address in addresses} == dict.fromkeys(addresses, may)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f000001"])
def test_a_name_is_judged_by_its_address(host: str) -> None:
    with pytest.raises(OSError, match="is no address for a server of a tenant"):
        asyncio.run(addresses_of(host, 22, BY_DEFAULT))
    assert asyncio.run(addresses_of(host, 22, Allowed(local=True, private=False)))
