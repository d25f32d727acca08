"""The chain of what was issued and booked: each document and each journal entry has a link, SHA-256(hash of the link before, content).

One chain for each tenant and year. Its head and its length, kept outside (`contor chain export`), show later that nothing before them was
changed, taken out or put in, not even by the owner of the database. Links are added in the last step of the transaction, for its whole
batch, beside the gapless journal number (GoBD no. 107 ff.).
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime import tables
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_KIND = re.compile("[A-Z_]+")

BATCH = 2_000
FIRST = bytes(32)
"""Stands before the first link of a year."""
_KINDS: dict[str, str] = {}
"""SQL by kind: the ids of objects, and what their links cover."""
_COLUMNS = ("year", "number", "kind", "object_id", "hash")


class Link(NamedTuple):
    number: int
    kind: str
    object_id: int
    hash: bytes


class Head(NamedTuple):
    """Where a chain stands: its year, the number of its links, and the hash of the last one."""

    year: int
    links: int
    head: bytes


class _Covered(NamedTuple):
    """What the link of an object covers; or, without a kind, the last link of a year."""

    kind: str
    id: int
    hashes: bytes
    year: int | None


class _Year(NamedTuple):
    year: int


def linked(kind: str, covered: str) -> None:
    """Declare what the links of one kind of object cover. `covered`: SQL that answers `id` and `hashes`, those of its rows, of the objects
    %(ids)s; those that do not exist are left out."""
    if _KIND.fullmatch(kind) is None:
        raise ValueError(f"the kind of a link is named in capitals: {kind}")
    _KINDS[kind] = covered


def add_links(uow: Uow, kind: str, objects: Iterable[tuple[int, int]]) -> None:
    """Link objects, each given as (year, id), when the transaction ends. Their rows are written by then."""
    if not uow.unlinked:
        uow.finish(lambda: _link(uow))
    uow.unlinked += [(year, kind, number) for year, number in objects]


def _link(uow: Uow) -> None:
    waiting, uow.unlinked = uow.unlinked, []
    uow.lock("chain", ["links"])
    years = sorted({year for year, _, _ in waiting})
    covered = _covered(uow, [(kind, number) for _, kind, number in waiting], years)
    contents = {(one.kind, one.id): one.hashes for one in covered if one.year is None}
    last = {one.year: (one.id, one.hashes) for one in covered if one.year is not None}
    rows: list[tuple[object, ...]] = []
    for year in years:
        number, before = last.get(year, (0, FIRST))
        for of_year, kind, object_id in waiting:
            if of_year == year:
                number += 1
                before = next_hash(before, kind, object_id, contents[kind, object_id])
                rows.append((year, number, kind, object_id, before))
    uow.later(tables.chain_link, _COLUMNS, rows)


def _covered(uow: Uow, objects: Collection[tuple[str, int]], years: Collection[int] = ()) -> list[_Covered]:
    """What the links of the objects (kind, id) cover, and the last link of each of the years, in one statement."""
    kinds = sorted({kind for kind, _ in objects} & _KINDS.keys())
    values: dict[str, object] = {kind: [number for of, number in objects if of == kind] for kind in kinds}
    parts = [f"SELECT '{kind}' AS kind, id, hashes, NULL::int AS year FROM ({_KINDS[kind]}) {kind}" for kind in kinds]
    parts = [part.replace("%(ids)s", f"%({kind})s") for part, kind in zip(parts, kinds, strict=True)]
    if years:
        parts.append(_LAST)
        values["years"] = list(years)
    return uow.all(_Covered, " UNION ALL ".join(parts), values) if parts else []


_LAST = (
    "SELECT '' AS kind, l.number::bigint AS id, l.hash AS hashes, y.year FROM unnest(%(years)s::int[]) y(year) CROSS JOIN LATERAL"
    " (SELECT number, hash FROM chain_link WHERE year = y.year ORDER BY number DESC LIMIT 1) l"
)


def next_hash(before: bytes, kind: str, object_id: int, content: bytes) -> bytes:
    return hashlib.sha256(before + f"{kind}:{object_id}:".encode() + content).digest()


def heads(uow: Uow) -> list[Head]:
    """Every chain of the tenant, by year."""
    return uow.all(Head, "SELECT DISTINCT ON (year) year, number AS links, hash AS head FROM chain_link ORDER BY year, number DESC")


def is_link(uow: Uow, head: Head) -> bool:
    """Whether a head that was kept outside still is a link of its chain."""
    found = uow.scalar(bytes, "SELECT hash FROM chain_link WHERE year = %s AND number = %s", (head.year, head.links))
    return found == head.head


def unlinked(uow: Uow, kind: str, table: str) -> list[int]:
    """The ids of objects in `table` without a link, from the first that has one on."""
    return uow.column(
        int,
        f"SELECT t.id FROM {table} t WHERE t.id > (SELECT min(object_id) FROM chain_link WHERE kind = %s)"
        " AND NOT EXISTS (SELECT 1 FROM chain_link c WHERE c.tenant_id = t.tenant_id AND c.kind = %s AND c.object_id = t.id) ORDER BY 1",
        (kind, kind),
    )


def linked_among(uow: Uow, kind: str, objects: Collection[int]) -> set[int]:
    """Those of the objects of one kind that have a link: they were written since there is a chain."""
    return set(
        uow.column(int, "SELECT object_id FROM chain_link WHERE kind = %s AND object_id = ANY (%s)", (kind, sorted(objects)))
    )


@check("runtime.chain_holds")
def chain(uow: Uow) -> Iterable[str]:
    """Each link follows the one before it and covers what its object says; none is missing."""
    for (year,) in uow.all(_Year, "SELECT DISTINCT year FROM chain_link ORDER BY year"):
        yield from _broken(uow, year)


def _broken(uow: Uow, year: int) -> Iterator[str]:
    number, before = 0, FIRST
    sql = f"SELECT {columns(Link)} FROM chain_link WHERE year = %s AND number > %s ORDER BY number LIMIT {BATCH}"
    while links := uow.all(Link, sql, (year, number)):
        covered = _covered(uow, [(link.kind, link.object_id) for link in links])
        contents = {(one.kind, one.id): one.hashes for one in covered}
        for link in links:
            what = f"chain {year}, link {link.number} ({link.kind.lower()} {link.object_id})"
            content = contents.get((link.kind, link.object_id))
            if link.number != number + 1:
                yield f"{what}: link {number + 1} is missing before it"
            if content is None:
                yield f"{what}: what it covers is gone"
            elif next_hash(before, link.kind, link.object_id, content) != link.hash:
                yield f"{what}: it or what it covers was changed"
            number, before = link.number, link.hash
