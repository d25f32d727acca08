"""The taxes that drafts leave out: determined for the supply as the draft says it now, those of its original where it takes something back.

A row whose taxes are left out is determined; so is one that says a single tax without a rate, whose code then names the rate that the
product bears by itself (REDUCED). What the draft says stays as it is said. Written into the draft when it is completed: what was issued is
what it says.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple, cast

from contor.customers.places import countries_at
from contor.customers.vat_ids import Held
from contor.documents.drafts.outside import Elsewhere, answers_to, questions_about
from contor.documents.drafts.queries import Draft
from contor.documents.judge import CREDITING, SELF_BILLING, tax_of
from contor.documents.naming import documents_named
from contor.documents.queries import documents_by_id
from contor.documents.types import Document, DocumentType, Tax
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO
from contor.kernel.partial import Content
from contor.kernel.places import alpha2
from contor.runtime.uow import Uow
from contor.settings.queries import Site, days_of_groups
from contor.tax.destination import at_destination, taxed_at_home
from contor.tax.determination import Buyer, Determination, Supplied
from contor.tax.providers import Outside, Quotation, elsewhere
from contor.tax.supply import Determined, Supply
from contor.tax.vat_numbers import InGroup, validities

PRODUCT_CODES: Final = frozenset({"STANDARD", "REDUCED", "SECOND_REDUCED", "SUPER_REDUCED", "PARKING", "ZERO", "NOT_TAXABLE"})


class _Row(NamedTuple):
    """A row without its taxes."""

    draft: int
    place: int
    item: Content


def with_taxes(uow: Uow, drafts: Sequence[Draft]) -> tuple[list[Content], dict[tuple[int, int], Problem]]:
    """The content of each draft with the taxes that it leaves out, as far as they can be determined; by draft and row, why a provider
    outside did not say them."""
    contents = [draft.content for draft in drafts]
    rows = [row for n, content in enumerate(contents) for row in _rows(n, content)]
    if not rows:
        return contents, {}
    found = _of_originals(uow, drafts, [row for row in rows if drafts[row.draft].type in CREDITING])
    determined, problems = _determined(uow, drafts, [row for row in rows if drafts[row.draft].type not in CREDITING])
    found |= determined
    for n, content in enumerate(contents):
        mine = {index: changes for (draft, index), changes in found.items() if draft == n}
        if mine:
            items = [item | mine[index] if index in mine else item for index, item in enumerate(content["items"])]
            contents[n] = {**content, "items": items}
    return contents, problems


def asked_outside(uow: Uow, drafts: Sequence[Draft]) -> list[tuple[Outside, Quotation]]:
    """What providers outside are asked of drafts that are not completed."""
    opened = [draft for draft in drafts if draft.document_id is None and draft.type not in (*CREDITING, *SELF_BILLING)]
    rows = [row for n, draft in enumerate(opened) for row in _rows(n, draft.content)]
    if not rows:
        return []
    work = _Work(uow, opened)
    there = [found for row in rows if isinstance(found := work.supply(row), Elsewhere)]
    return list(questions_about(uow, there).values())


def wanted_outside(uow: Uow, ident: str, kind: DocumentType, content: Content) -> list[tuple[Outside, Quotation]]:
    """What providers outside are asked of a draft that is to be made of this, and completed."""
    now = uow.ctx.now()
    return asked_outside(uow, [Draft(ident, 0, kind.value, "OPEN", 1, content, None, now, now)])


# helpers in calling order

_Found = dict[tuple[int, int], Content]
"""By draft and row, what the row says in addition."""


def _rows(number: int, content: Content) -> list[_Row]:
    items = content.get("items")
    return [_Row(number, index, item) for index, item in enumerate(items or ()) if _lacks_taxes(item)]


def _lacks_taxes(item: Content) -> bool:
    taxes = _detail(item).get("taxes") or []
    return not taxes or (len(taxes) == 1 and set(taxes[0]) <= {"code"} and taxes[0].get("code") in PRODUCT_CODES)


def _detail(item: Content) -> Content:
    return item.get("tax_detail") or {}


def _of_originals(uow: Uow, drafts: Sequence[Draft], rows: Sequence[_Row]) -> _Found:
    """A credit takes back the tax of its original (accounting reference 6.5)."""
    if not rows:
        return {}
    named = {row.draft: _related(drafts[row.draft].content) for row in rows}
    known = documents_named(uow, {name for names in named.values() for name in names})
    documents = documents_by_id(uow, {one.id for found in known.values() for one in found})
    found: _Found = {}
    for row in rows:
        originals = [documents[one.id] for name in named[row.draft] for one in known[name]]
        taxes = _credited(originals, row.item)
        if taxes is not None:
            found[row.draft, row.place] = _said(row.item, taxes)
    return found


def _related(content: Content) -> list[str]:
    said = [content.get("related_document_ident"), *(content.get("related_document_idents") or ())]
    return [name for name in said if name]


def _credited(originals: Sequence[Document], item: Content) -> tuple[Tax, ...] | None:
    name = item.get("reference_ident") or item.get("ident")
    return next((row.taxes for original in originals for row in original.items if row.ident == name), None)


class _Work:
    """What determining taxes needs, read once for all drafts."""

    def __init__(self, uow: Uow, drafts: Sequence[Draft]) -> None:
        named = [(draft.content.get("customer_detail") or {}).get("customer_ident") for draft in drafts]
        self.drafts, self.days = drafts, days_of_groups(uow)
        self.determination = Determination(uow, {ident for ident in named if ident})
        self.valid = _valid(uow, self.determination, [draft.content for draft in drafts])
        self.outside = elsewhere(uow)

    def supply(self, row: _Row) -> tuple[Site, Supplied, str] | Elsewhere | None:
        """Who supplies what to whom; None: it does not say so much; `Elsewhere`: it is not determined here."""
        content, kind = self.drafts[row.draft].content, self.drafts[row.draft].type
        group = content.get("billing_group_ident")
        customer = (content.get("customer_detail") or {}).get("customer_ident")
        site = self.determination.site(content.get("seller_operating_site_ident") or content.get("operating_site_ident"))
        what = _supplied(row.item, content, kind, self.days.today(group or ""))
        if site is None or what is None or customer not in self.determination.status:
            return None
        if kind not in SELF_BILLING and self.outside.provider_for(what.country, what.region, group) is not None:
            return Elsewhere((row.draft, row.place), content, row.item, what, site, self.buyer(customer, group))
        return site, what, customer

    def buyer(self, customer: str, group: str | None) -> Buyer:
        """With what is known of the VAT id."""
        return self.determination.buyer(customer)._replace(vat_id_valid=self.valid.get((customer, group)))


def _determined(uow: Uow, drafts: Sequence[Draft], rows: Sequence[_Row]) -> tuple[_Found, dict[tuple[int, int], Problem]]:
    work = _Work(uow, drafts)
    determination = work.determination
    pairs = {_address(drafts[row.draft].content) for row in rows if drafts[row.draft].type in SELF_BILLING}
    homes = countries_at(uow, {pair for pair in pairs if pair is not None})
    asked: list[dict[int, tuple[Supply, Decimal]]] = [{} for _ in drafts]
    found: _Found = {}
    supplied = {(row.draft, row.place): work.supply(row) for row in rows}
    said, problems = answers_to(uow, questions_about(uow, [it for it in supplied.values() if isinstance(it, Elsewhere)]))
    for row in rows:
        content, kind, here = drafts[row.draft].content, drafts[row.draft].type, supplied[row.draft, row.place]
        if isinstance(here, Elsewhere):
            taxes = said.get((row.draft, row.place))
            if taxes:
                found[row.draft, row.place] = _said(row.item, taxes)
            if taxes is None or taxes:
                continue
            # where none is due, the law that is built in says what stands there
            here = here.site, here.what, content["customer_detail"]["customer_ident"]
        if here is None:
            continue
        site, what, customer = here
        if kind not in SELF_BILLING:
            supply = determination.supply(site, work.buyer(customer, content.get("billing_group_ident")), what)
            asked[row.draft][row.place] = supply, _in_euro(row.item, content, kind)
        elif (home := homes.get(_address(content) or ("", ""))) is not None:
            small = determination.status[customer].small_business
            found |= _written(row, determination.of_partner(site, alpha2(home) or home, small, what))
    supplies = at_destination(uow, asked)
    decided = iter(determination.of([supply for of_one in supplies for supply in of_one.values()]))
    by_place = {(n, index): (supply, next(decided)) for n, of_one in enumerate(supplies) for index, supply in of_one.items()}
    for row in rows:
        if (known := by_place.get((row.draft, row.place))) is not None:
            found |= _written(row, known[1], known[0])
    return found, problems


def _valid(uow: Uow, determination: Determination, contents: Sequence[Content]) -> dict[tuple[str, str | None], bool | None]:
    """By customer and billing group, whether the customer's VAT id counts, where the tenant wants a proof."""
    named = {
        ((content.get("customer_detail") or {}).get("customer_ident"), content.get("billing_group_ident")) for content in contents
    }
    held = {
        (customer, group): InGroup(Held(customer, vat_id), group)
        for customer, group in named
        if customer in determination.status and (vat_id := determination.status[customer].vat_id) is not None
    }
    found = validities(uow, held.values())
    return {key: found[one] for key, one in held.items()}


def _address(content: Content) -> tuple[str, str] | None:
    detail = content.get("customer_detail") or {}
    said = detail.get("customer_ident"), detail.get("invoice_address_ident")
    return cast(tuple[str, str], said) if all(said) else None


def _supplied(item: Content, content: Content, kind: DocumentType, today: dt.date) -> Supplied | None:
    place = item.get("tax_location") or item.get("performance_location") or {}
    if not place.get("country") or not item.get("category"):
        return None
    period = item.get("service_period") or {}
    dated = content.get("document_date")
    # of a deposit nothing is supplied yet: it bears the rate of its own day
    supplied = None if kind is DocumentType.DEPOSIT_INVOICE else period.get("end") or item.get("delivery_date")
    day = supplied or dated
    taxes = _detail(item).get("taxes") or [{}]
    return Supplied(
        country=place["country"],
        day=today if day is None else dt.date.fromisoformat(day),
        category=item["category"],
        tax_code=taxes[0].get("code") or "STANDARD",
        region=place.get("region") or place.get("state"),
        postal_code=place.get("postal_code"),
        city=place.get("city"),
    )


def _in_euro(item: Content, content: Content, kind: DocumentType) -> Decimal:
    """What counts towards the threshold of distance sales; in another currency only what is issued counts."""
    total = (item.get("prices") or {}).get("total") or {}
    side = total.get("net" if _detail(item).get("calculation_basis", "NET") == "NET" else "gross")
    counts = content.get("currency") == "EUR" and kind is not DocumentType.DEPOSIT_INVOICE
    return Decimal(side) if counts and side is not None else ZERO


def _written(row: _Row, found: Determined, supply: Supply | None = None) -> _Found:
    """What a row says of what was determined; nothing where nothing could be: the finding says that its taxes are missing."""
    if found.problem is not None:
        return {}
    made = _said(row.item, (tax_of(found),))
    if supply is not None and taxed_at_home(found, supply):
        made |= {"tax_location": {"country": supply.seller_country}}
    return {(row.draft, row.place): made}


def _said(item: Content, taxes: Sequence[Tax]) -> Content:
    names = Tax.__struct_fields__
    plain = [{name: str(value) for name in names if (value := getattr(tax, name)) is not None} for tax in taxes]
    return {"tax_detail": {"calculation_basis": "NET", **_detail(item), "taxes": plain}}
