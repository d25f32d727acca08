"""Whose numbers a site uses: those of its company, which is known by its VAT id, else by its tax number (section 14 (4) no. 4 UStG).

Sites of one id share a company. A site that gets another id after it has issued takes its series along, so that no number comes twice:
whoever is one company with it from then on, goes with it.
"""

from collections.abc import Collection
from typing import NamedTuple

from contor.kernel.shapes import Fields
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings import tables
from contor.settings.numbers.series import EVERY_SERIES

FIRST_COMPANY = ""


class _Company(NamedTuple):
    ident: str
    vat_id: str | None
    tax_number: str | None
    legal_entity: str

    @property
    def id(self) -> str:
        return company_id(self.vat_id, self.tax_number)


class _Reached(NamedTuple):
    """Where a series stands."""

    counter_ident: str
    year: int
    next_value: int


def company_id(vat_id: str | None, tax_number: str | None) -> str:
    """By what the company of a site is known."""
    return "".join((vat_id or tax_number or "").upper().split())


def legal_entity_of(uow: Uow, site: Fields) -> str:
    """To which company a site belongs that is about to be written."""
    uow.lock("legal_entity", ["operating_site"])  # of two sites that are written at once the second sees the first
    known = uow.all(_Company, f"SELECT {columns(_Company)} FROM operating_site ORDER BY ident")
    others = [one for one in known if one.ident != site["ident"]]
    now = next((one.legal_entity for one in known if one.ident == site["ident"]), None)
    mine = company_id(site.get("vat_id"), site.get("tax_number"))
    same = {one.legal_entity for one in others if one.id == mine}
    if now is None:
        return min(same) if same else _made(uow) if others else FIRST_COMPANY
    shared = any(one.legal_entity == now and one.id != mine for one in others)
    if same <= {now} and not shared:
        return now
    if same and not _has_drawn(uow, now):
        return min(same)
    made = _made(uow)
    together = [one.ident for one in others if one.id == mine]
    uow.run("UPDATE operating_site SET legal_entity = %s WHERE ident = ANY (%s)", (made, together))
    _continue(uow, made, {now, *same})
    return made


def _made(uow: Uow) -> str:
    return str(uow.next_id())


def _has_drawn(uow: Uow, legal_entity: str) -> bool:
    return bool(uow.scalar(int, f"SELECT 1 FROM {EVERY_SERIES} s WHERE legal_entity = %s LIMIT 1", (legal_entity,)))


def _continue(uow: Uow, made: str, before: Collection[str]) -> None:
    """The series of a new company go on behind those of the companies from which its sites come."""
    reached = uow.all(
        _Reached,
        f"SELECT counter_ident, year, max(next_value) AS next_value FROM {EVERY_SERIES} s"
        " WHERE legal_entity = ANY (%s) GROUP BY counter_ident, year",
        (sorted(before),),
    )
    uow.insert(
        tables.legal_entity_series,
        [{"legal_entity": made, **row._asdict(), "first_value": row.next_value} for row in reached],
    )
