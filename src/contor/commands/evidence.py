"""What `contor chain` and `contor files` do: heads that are kept outside, and files that are made again from their documents."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from contor.documents.after import mend
from contor.runtime.execute import Runtime
from contor.runtime.integrity import Head, heads, is_link
from contor.runtime.work.checking import Finding, check_tenant
from contor.runtime.work.tenants import caller, described, each, tenant_ids


class _Kept(msgspec.Struct):
    """A line that is kept outside."""

    tenant: int
    year: int
    links: int
    head: str
    at: str


def exported(runtime: Runtime) -> str:
    """One line of JSON for each tenant and year: the number of links, the hash of the last one, and when that was so. Raises what keeps a
    tenant from being looked into: a list that lacks one would be no proof."""
    lines = []
    for tenant, found in each(tenant_ids(runtime), lambda one: _heads(runtime, one)):
        if isinstance(found, Exception):
            raise found
        for head in found:
            says = _Kept(tenant, head.year, head.links, head.head.hex(), _now(runtime))
            lines.append(msgspec.json.encode(says).decode() + "\n")
    return "".join(lines)


def _heads(runtime: Runtime, tenant: int) -> list[Head]:
    with runtime.transaction(caller("chain", tenant), reads=True) as uow:
        return heads(uow)


def _now(runtime: Runtime) -> str:
    return runtime.clock().astimezone(dt.UTC).isoformat(timespec="seconds")


KEPT = "chain.kept_outside"
"""What a finding against such a list is called."""
ITSELF = ("runtime.chain_holds", "runtime.rows_are_as_they_were_written")


def unlike_kept(runtime: Runtime, text: str, tenant: int | None = None) -> list[Finding]:
    """What of the chains, of one tenant or of all, does not go on from the heads that were kept outside."""
    kept: dict[int, list[Head]] = defaultdict(list)
    said = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            says = msgspec.json.decode(line, type=_Kept)
            kept[says.tenant].append(Head(says.year, says.links, bytes.fromhex(says.head)))
        except ValueError:  # as msgspec's own errors are
            said.append(Finding(0, KEPT, f"line {number} is no line of `contor chain export`"))
    for one, found in each(tenant_ids(runtime, tenant), lambda one: list(_unlike(runtime, one, kept.pop(one, ())))):
        said += [Finding(one, KEPT, it) for it in ([described(found)] if isinstance(found, Exception) else found)]
    return said + [Finding(one, KEPT, "is gone") for one in kept if tenant is None]


def _unlike(runtime: Runtime, tenant: int, kept: Iterable[Head]) -> Iterator[str]:
    with runtime.transaction(caller("chain", tenant), reads=True) as uow:
        for head in kept:
            if not is_link(uow, head):
                yield f"link {head.links} of {head.year} is not {head.head.hex()}, as it was when it was kept"


def differing(runtime: Runtime, text: str) -> list[str]:
    """What does not agree with heads that were kept outside, and what breaks the chains themselves."""
    found = unlike_kept(runtime, text)
    for number, broken in each(tenant_ids(runtime), lambda one: _broken(runtime, one)):
        found += [Finding(number, KEPT, described(broken))] if isinstance(broken, Exception) else broken
    return [f"tenant {it.tenant_id}: {it.finding}" if it.tenant_id else it.finding for it in found]


def _broken(runtime: Runtime, tenant: int) -> list[Finding]:
    return [one for one in check_tenant(runtime, tenant) if one.check in ITSELF]


def mended(runtime: Runtime, tenant: int | None) -> tuple[int, list[str]]:
    """How many files of one tenant or of all were made again, and which cannot be."""
    count, lost = 0, list[str]()
    for number, done in each(tenant_ids(runtime, tenant), lambda one: runtime.execute(mend, None, caller("files", one))):
        if isinstance(done, Exception):
            lost.append(f"tenant {number}: {described(done)}")
            continue
        count += done.mended
        lost += [f"tenant {number}, {one}" for one in done.lost]
    return count, lost
