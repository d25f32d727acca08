"""What invoices are made of beside what is sent, and the drafts and documents that ids mean."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Final

from contor.api.fynn.catalogue import PRODUCT, TAX_GROUP
from contor.api.fynn.customers import address_id, customer_ident
from contor.api.fynn.invoices.shown import paper_meant, position_id, row_number, usual_tax_group
from contor.api.fynn.invoices.written.content import Basis
from contor.api.fynn.invoices.written.rows import Around, Converted, Sold, Taxed
from contor.api.fynn.invoices.written.types import InvoiceWords, PositionData, PositionSent
from contor.api.fynn.manners import Money
from contor.api.fynn.subscriptions import payers_of_items
from contor.catalogue.products import TAX_GROUPS, products_by_ident
from contor.customers.billed import Billed, billed
from contor.customers.keeping import addresses_of
from contor.documents.drafts import Draft, drafts_by_id
from contor.documents.papers import Paper
from contor.documents.queries import idents_by_id
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import round_price
from contor.kernel.partial import Content
from contor.payments.customer_accounts import paying_accounts
from contor.payments.methods import not_usable, views_of
from contor.runtime.uow import Uow
from contor.settings.exchange import Missing, daily_rates
from contor.settings.groups import default_segment
from contor.settings.queries import billing_groups, days_of_groups, home, tenant_settings

_WORDS: Final[Mapping[str, Taxed]] = {"standard": Taxed("standard", "STANDARD"), "reduced": Taxed("reduced", "REDUCED")}
"""Tax groups of tenants that keep none."""


def customer_meant(uow: Uow, text: str) -> Billed:
    """The customer of an id, or of the caller's own. Raises INVALID, naming the field."""
    try:
        ident = customer_ident(uow, text)
    except Refused:
        raise Refused(Kind.INVALID, Problem("customer_unknown", "names no customer", "customer", text)) from None
    return billed(uow, [ident])[ident]


def customer_of(uow: Uow, draft: Draft, text: str | None) -> Billed:
    """The one that is named, else whose draft it is."""
    ident = (draft.content.get("customer_detail") or {}).get("customer_ident") or ""
    return customer_meant(uow, text) if text is not None else customer_meant(uow, ident)


def basis_of(uow: Uow, data: InvoiceWords, who: Billed, positions: Iterable[PositionData], before: Content | None = None) -> Basis:
    """Raises INVALID with every id that names nothing."""
    here = home(uow)
    if here is None:
        message = "There is no operating site yet: who issues invoices is said in the settings."
        raise Refused(Kind.ILLEGAL_STATE, Problem("operating_site_missing", message))
    sent = list(positions)
    known = before or {}
    group = known.get("billing_group_ident") or _group(uow)
    today = undated_on(uow, group)
    problems = list[Problem]()
    currency = data.currency_code or known.get("currency") or who.currency or "EUR"
    said = data.creation_date.day if data.creation_date is not None else None
    dated = said or (dt.date.fromisoformat(known["document_date"]) if known.get("document_date") else None)
    around = Around(
        currency=currency,
        country=who.shipping_country or who.invoice_country or here.country,
        rates=_rates(uow, currency, sent, dated or today),
        products=_products(uow, {one.product for one in sent if one.product is not None}, problems),
        tax_groups=_tax_groups(uow, {named for one in sent if (named := one.tax_group or one.tax_group_id) is not None}, problems),
        language=known.get("language") or who.language or "de",
    )
    problems += _item_findings(
        uow, who.customer_ident, {one.subscription_item for one in sent if one.subscription_item is not None}
    )
    address = None
    if data.invoice_address is not None:
        address = address_meant(uow, who.customer_ident, data.invoice_address, problems, "invoiceAddress")
    account, method = None, None
    if data.payment_method is not None:
        account, method = account_meant(uow, who.customer_ident, data.payment_method, problems, "paymentMethod")
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return Basis(who, group, around, today, address, account, method)


def undated_on(uow: Uow, group_ident: str) -> dt.date:
    """The date of an invoice of this billing group that is issued now and says none; its term begins then."""
    return tenant_settings(uow).undated_on(days_of_groups(uow), group_ident)


def flat(positions: Iterable[PositionSent]) -> list[PositionData]:
    """With those that are sent within them."""
    return [one for position in positions for one in (position, *position.children)]


def draft_meant(uow: Uow, text: str, done: str = "only a draft can be changed or deleted") -> Draft:
    """The draft of an id, held against everyone who changes it. Raises NOT_FOUND; ILLEGAL_STATE for what is finalized."""
    paper = paper_meant(uow, text)
    draft = drafts_by_id(uow, [paper.id], lock=True).get(paper.id)
    if draft is not None and draft.document_id is None:
        return draft
    document = draft.document_id if draft is not None else paper.document_id
    issued = idents_by_id(uow, [document or 0]).get(document or 0, "")
    message = f"The invoice is finalized as {issued}: {done}."
    raise Refused(Kind.ILLEGAL_STATE, Problem("invoice_finalized", message))


def document_meant(uow: Uow, text: str) -> tuple[Paper, str]:
    """(the issued paper of an id, its number). Raises NOT_FOUND; ILLEGAL_STATE for a draft."""
    paper = paper_meant(uow, text)
    if paper.document_id is None:
        message = "The invoice is a draft: finalize it first."
        raise Refused(Kind.ILLEGAL_STATE, Problem("invoice_not_finalized", message))
    return paper, idents_by_id(uow, [paper.document_id])[paper.document_id]


def positions_named(uow: Uow, draft: Draft) -> dict[str, str]:
    """The ident of each row of a draft, by the id of the position that it is."""
    rows = draft.content.get("items") or ()
    return {position_id(uow, row_number(draft.id, place, row["ident"])): row["ident"] for place, row in enumerate(rows, 1)}


def address_meant(uow: Uow, customer: str, text: str, problems: list[Problem], field: str) -> str | None:
    """An address that the customer's documents may go to, by its ident."""
    for row in addresses_of(uow, [customer])[customer]:
        if row["deleted_at"] is None and text in (address_id(uow, row["id"]), row["address_ident"]):
            return str(row["address_ident"])
    problems.append(Problem("address_unknown", "names no address of the customer", field, text))
    return None


def account_meant(uow: Uow, customer: str, text: str, problems: list[Problem], field: str) -> tuple[str | None, str | None]:
    """(ident, how it pays) of a payment method of the customer."""
    found = paying_accounts(uow, [text]).get(text)
    method = views_of(uow, [text]).get(text)
    why = not_usable(uow, text) if method is not None and method.customer_ident == customer else None
    if why is not None or found is None or found.debtor_ident != customer:
        message = why or "names no payment method of the customer"
        problems.append(Problem("payment_method_unknown", message, field, text))
        return None, None
    return found.ident, "SEPA_DIRECT_DEBIT" if found.iban is not None else found.payment_method or "CREDIT_CARD"


def in_units(sent: Money | None, currency: str) -> Decimal | None:
    """An amount in the currency of its invoice, which it may name. Raises INVALID where it names another one."""
    if sent is None:
        return None
    if sent.currency_code not in (None, currency):
        raise Refused(Kind.INVALID, Problem("currency_differs", f"is in {currency}, as the invoice", "amount"))
    return sent.in_units(currency)


# helpers in calling order


def _rates(uow: Uow, currency: str, positions: Collection[PositionData], day: dt.date) -> dict[str, Converted]:
    """By currency of prices, where it is another than the invoice's."""
    used = {one.unit_price.currency_code or one.currency_code for one in positions if one.unit_price is not None}
    others = {it for it in used if it is not None and it != currency}
    if not others:
        return {}
    found = daily_rates(uow, {(name, day) for name in (*others, currency)})
    own = found[currency, day]
    if isinstance(own, Missing):
        return {}
    return {
        name: Converted(round_price(own.rate / rate.rate), min(own.date, rate.date))
        for name in others
        if not isinstance(rate := found[name, day], Missing)
    }


def _products(uow: Uow, named: Collection[str], problems: list[Problem]) -> dict[str, Sold]:
    idents = PRODUCT.find(uow, named) if named else {}
    found = products_by_ident(uow, set(idents.values())) if idents else {}
    problems += [
        Problem("product_unknown", "names no product", "product", name) for name in sorted(named) if idents.get(name) not in found
    ]
    known = {name: found[ident] for name, ident in idents.items() if ident in found}
    groups = _groups_by_ident(uow, {one.tax_group_ident for one in known.values() if one.tax_group_ident is not None})
    return {
        name: Sold(one.ident, one.number, one.name, one.description, groups.get(one.tax_group_ident or ""))
        for name, one in known.items()
    }


def _tax_groups(uow: Uow, named: Collection[str], problems: list[Problem]) -> dict[str, Taxed]:
    usual = {**_WORDS, **{usual_tax_group(uow, word): taxed for word, taxed in _WORDS.items()}}
    words = {name: usual[name] for name in named if name in usual}
    idents = TAX_GROUP.find(uow, set(named) - words.keys()) if named else {}
    groups = _groups_by_ident(uow, set(idents.values()))
    found = {**words, **{name: groups[ident] for name, ident in idents.items() if ident in groups}}
    problems += [
        Problem("tax_group_unknown", "names no tax group", "taxGroup", name) for name in sorted(named) if name not in found
    ]
    return {name: found.get(name, _WORDS["standard"]) for name in named}


def _item_findings(uow: Uow, customer: str, named: Collection[str]) -> list[Problem]:
    found = payers_of_items(uow, named) if named else {}
    return [
        Problem("subscription_item_unknown", "names no item of a subscription of the customer", "subscriptionItem", name)
        for name in sorted(named)
        if found.get(name) != customer
    ]


def _groups_by_ident(uow: Uow, idents: Collection[str]) -> dict[str, Taxed]:
    """One look-up for each group: a tenant has few."""
    rows = {ident: row for ident in sorted(idents) if (row := TAX_GROUPS.find(uow, (ident,))) is not None}
    return {ident: Taxed(ident, row["rate"], row["reverse_charge"] == "INTRA_EU_SUPPLY") for ident, row in rows.items()}


def _group(uow: Uow) -> str:
    """The only one that takes documents which are written by hand, else that of the default business segment."""
    known = billing_groups(uow)
    groups = [ident for ident, group in known.items() if group.billing == "EXTERNAL_BILLING"] or list(known)
    if len(groups) == 1:
        return groups[0]
    segment = default_segment(uow)
    if segment is None or segment.billing_group_ident not in groups:
        message = f"It is not clear which of {len(groups)} billing groups bills: make one of their business segments the default."
        raise Refused(Kind.ILLEGAL_STATE, Problem("billing_group_unclear", message))
    return segment.billing_group_ident
