"""What invoices are shown of: each kind of fact read once for all of them, a fixed number of statements however many there are."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from contor.api.fynn.catalogue import PRODUCT
from contor.api.fynn.catalogue import TAX_GROUP as TAX_GROUP_IDS
from contor.api.fynn.customers import CustomerShort, shorts
from contor.api.fynn.invoices.shown.billed import Billed, billed_rows
from contor.api.fynn.invoices.shown.lines import TAX_GROUP
from contor.api.fynn.invoices.shown.standing import CREDITING
from contor.api.fynn.payments import MethodShown, shown_methods
from contor.api.fynn.said import PRODUCT as PRODUCT_IDENT
from contor.billing.breakdown import usage_urls
from contor.catalogue.products import TAX_GROUPS
from contor.custom_fields.values import values_of
from contor.customers.keeping import addresses_of, stored_customers
from contor.documents.after import ShownFile, shown_files
from contor.documents.cancelling import CreditedAs, CreditKind, credit_kind, credit_kinds
from contor.documents.drafts import Draft, Judged, drafts_by_id, judge_drafts
from contor.documents.papers import Issued, Paper, Sought, issued_papers, papers_of_documents, papers_sought
from contor.documents.queries import credits_of, related_ids
from contor.documents.types import DocumentItem, RequestedItem
from contor.dunning.letters import levels_of_letters
from contor.dunning.queries import LastLetter, last_letters
from contor.dunning.rules import Level
from contor.notifications.mail.log import last_sent
from contor.openitems.standing import Moved, blocked_among, decided_among, moved_of
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups, tenant_settings


class TaxGroupNamed(NamedTuple):
    """A tax group of the tenant."""

    id: str
    name: str
    reverse_charge: str
    rate: str


class Facts(NamedTuple):
    """All that invoices of a page are made of, with those that they name."""

    papers: Mapping[int, Paper]
    """By the numbers of papers."""
    of_documents: Mapping[int, int]
    """The number of the paper that a document is."""
    issued: Mapping[int, Issued]
    drafts: Mapping[int, Draft]
    """By the numbers of papers, also of those that were completed."""
    judged: Mapping[int, Judged]
    related: Mapping[int, Sequence[int]]
    """By document those that it names."""
    credits: Mapping[int, Sequence[int]]
    """By document those over it."""
    kinds: Mapping[int, CreditKind]
    """Of credits, by their documents."""
    moves: Mapping[int, Sequence[Moved]]
    files: Mapping[int, Mapping[str, ShownFile]]
    letters: Mapping[int, LastLetter]
    levels: Mapping[str, Level]
    """By letter."""
    blocked: Collection[int]
    given_up: Collection[int]
    sent: Mapping[int, dt.datetime]
    customers: Mapping[str, CustomerShort]
    addresses: Mapping[tuple[str, str], int]
    """The numbers of addresses, by customer and ident."""
    methods: Mapping[str, MethodShown]
    groups: Mapping[str, TaxGroupNamed]
    """Tax groups that rows name, by ident."""
    products: Mapping[str, str]
    """The ids of products that rows name, by ident."""
    custom: Mapping[str, Mapping[str, object]]
    """What is kept of papers in fields that the tenant declares, by their numbers as texts."""
    sources: Mapping[int, Sequence[int]]
    """As `related`, however few levels are followed: whose rows a document takes back."""
    billed: Mapping[tuple[int, str], Billed]
    """By document and ident of the row there."""
    usages: Mapping[int, str]
    """By document the page on which it is shown what was used."""
    undated: Mapping[str, dt.date]
    """By billing group the date of what is issued now and says none."""


def facts_of(uow: Uow, numbers: Sequence[int], levels: int) -> Facts:
    """`levels`: how far documents are followed that documents name."""
    papers = {paper.id: paper for paper in papers_sought(uow, Sought(ids=tuple(numbers)), len(numbers), 0)} if numbers else {}
    documents = {paper.document_id for paper in papers.values() if paper.document_id is not None}
    related, ids = dict[int, list[int]](), set(documents)
    reached = documents
    for _ in range(levels):
        found = related_ids(uow, reached)
        related |= found
        reached = {one for others in found.values() for one in others} - ids
        ids |= reached
    sources = related_ids(uow, ids)
    credits = credits_of(uow, ids)
    over = {number for others in credits.values() for number in others}
    issued = issued_papers(uow, ids | over)
    known = papers_of_documents(uow, ids | over) if ids else []
    drafts = drafts_by_id(uow, {*papers, *(paper.id for paper in known if paper.draft_id is not None)})
    written = [drafts[number] for number, paper in papers.items() if paper.document_id is None]
    letters = last_letters(uow, ids)
    judged = {draft.id: one for draft, one in zip(written, judge_drafts(uow, written), strict=True)} if written else {}
    named = _named(issued, written, judged)
    billed = billed_rows(uow, ids | {one for others in sources.values() for one in others})
    addresses = addresses_of(uow, named.customers) if named.customers else {}
    return Facts(
        papers={**papers, **{paper.id: paper for paper in known}},
        of_documents={paper.document_id: paper.id for paper in known if paper.document_id is not None},
        issued=issued,
        drafts=drafts,
        judged=judged,
        related=related,
        credits=credits,
        kinds=_kinds(issued, credit_kinds(uow, ids | over)),
        moves=moved_of(uow, ids),
        files=shown_files(uow, ids),
        letters=letters,
        levels=levels_of_letters(uow, {letter.letter_ident for letter in letters.values()}),
        blocked=blocked_among(uow, ids),
        given_up=decided_among(uow, ids),
        sent=last_sent(uow, ids),
        customers=_customers(uow, named.customers),
        addresses={(ident, row["address_ident"]): row["id"] for ident, rows in addresses.items() for row in rows},
        methods=shown_methods(uow, named.accounts) if named.accounts else {},
        groups=_groups(uow, {*named.groups, *(one.tax_group for one in billed.values() if one.tax_group is not None)}),
        products={ident: str(shown) for ident, shown in PRODUCT.shown(uow, named.products).items()} if named.products else {},
        custom=values_of(uow, "INVOICE", [str(number) for number in {*papers, *(paper.id for paper in known)}]),
        sources=sources,
        billed=billed,
        usages=usage_urls(uow, ids) if ids else {},
        undated=_undated(uow, written),
    )


# helpers in calling order


def _undated(uow: Uow, written: Sequence[Draft]) -> dict[str, dt.date]:
    if not written:
        return {}
    settings, days = tenant_settings(uow), days_of_groups(uow)
    return {group: settings.undated_on(days, group) for draft in written if (group := draft.content.get("billing_group_ident"))}


def _kinds(issued: Mapping[int, Issued], kept: Sequence[CreditedAs]) -> dict[int, CreditKind]:
    """As it is kept; of what was issued before that was, as the credit says."""
    found = {row.document_id: row.kind for row in kept}
    for number, one in issued.items():
        if one.document.document_type in CREDITING and number not in found and (kind := credit_kind(one.document)) is not None:
            found[number] = kind
    return found


class _Named(NamedTuple):
    """What papers and their rows name, by ident."""

    customers: set[str]
    accounts: set[str]
    groups: set[str]
    products: set[str]


def _named(issued: Mapping[int, Issued], written: Sequence[Draft], judged: Mapping[int, Judged]) -> _Named:
    found = _Named(set(), set(), set(), set())
    rows: list[DocumentItem | RequestedItem] = []
    for one in issued.values():
        found.customers.add(one.document.customer_ident)
        found.accounts.add(one.document.payment_information.customer_payment_account_ident or "")
        rows += one.document.items
    for draft in written:
        found.customers.add((draft.content.get("customer_detail") or {}).get("customer_ident") or "")
        found.accounts.add((draft.content.get("payment_information") or {}).get("customer_payment_account_ident") or "")
        request = judged[draft.id].request
        rows += request.items if request is not None else ()
    for row in rows:
        for entry in row.properties:
            if entry.key == TAX_GROUP:
                found.groups.add(entry.value)
            elif entry.key == PRODUCT_IDENT:
                found.products.add(entry.value)
    for names in found:
        names.discard("")
    return found


def _customers(uow: Uow, idents: Collection[str]) -> dict[str, CustomerShort]:
    rows = stored_customers(uow, idents) if idents else {}
    return dict(zip(rows, shorts(uow, list(rows.values())), strict=True))


def _groups(uow: Uow, idents: Collection[str]) -> dict[str, TaxGroupNamed]:
    """One look-up for each: a tenant has few."""
    rows = {ident: row for ident in sorted(idents) if (row := TAX_GROUPS.find(uow, (ident,))) is not None}
    shown = TAX_GROUP_IDS.shown(uow, rows) if rows else {}
    return {ident: TaxGroupNamed(str(shown[ident]), row["name"], row["reverse_charge"], row["rate"]) for ident, row in rows.items()}
