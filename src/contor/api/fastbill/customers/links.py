"""The pages that a customer reaches without an account, by their addresses."""

from urllib.parse import parse_qs, urlsplit

from contor.api.fastbill.customers.answers import Links
from contor.customers.keeping import PATHS, Purpose, customer_hash, link_token, number_of_hash, read_link_token
from contor.kernel.errors import Refused
from contor.runtime.uow import Uow


def link(uow: Uow, number: int, purpose: Purpose) -> str:
    return f"{uow.runtime.config.base_url}{PATHS[purpose]}?token={link_token(uow, number, purpose)}"


def links_of(uow: Uow, number: int) -> Links:
    return Links(customer_hash(uow, number), link(uow, number, "dashboard"), link(uow, number, "data"))


def number_meant(uow: Uow, hash_: str | None, *urls: str | None) -> int | None:
    """The customer whom a hash or link names; 0, which nobody has, where it names none of this tenant. None: nothing is said."""
    if hash_ is not None:
        return number_of_hash(uow, hash_.strip()) or 0
    for url in urls:
        if url is None:
            continue
        try:
            token = parse_qs(urlsplit(url.strip()).query).get("token", [""])[0]
        except ValueError:
            return 0
        try:
            linked = read_link_token(uow.runtime, token)
        except Refused:
            return 0
        return linked.number if linked.tenant_id == uow.ctx.tenant_id else 0
    return None
