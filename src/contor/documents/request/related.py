"""Read the documents that requests refer to: what is left of each, and what was received on a deposit."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from contor.documents.amounts import after, discounts_left, taken_between, total_of, what_is_left, with_netted
from contor.documents.judge import Related
from contor.documents.netting import netted_of, netting_rows
from contor.documents.queries import documents_by_id
from contor.documents.treatment import price_reduction
from contor.documents.types import DepositGroup, Discount, Document, DocumentType
from contor.kernel import shapes
from contor.kernel.money import round_amount
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class RelationRow(NamedTuple):
    document_id: int
    related_id: int


class CreditRow(NamedTuple):
    """A row of a document, and a credit that takes something of it."""

    credited: int
    position: int
    document_id: int


class ReceiptRow(NamedTuple):
    """What was received on a deposit in one tax group, and the number of the final invoice that deducted it."""

    document_id: int
    received_on: dt.date
    category_code: str
    tax_rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    ledger_tax: Decimal | None
    ledger_gross: Decimal | None
    deducted_by: str | None


class DiscountRow(NamedTuple):
    """A reduction that was decided on a document, in one tax group."""

    document_id: int
    decision: str
    treatment: str
    category_code: str
    tax_rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    ledger_tax: Decimal
    ledger_gross: Decimal
    country: str | None


def credit_rows_of(uow: Uow, ids: Collection[int]) -> list[CreditRow]:
    """What credits take of the rows of these documents, in the order in which they were issued."""
    return uow.all(
        CreditRow,
        "SELECT DISTINCT credited_document_id AS credited, credited_position AS position, document_id FROM document_credit"
        " WHERE credited_document_id = ANY (%s) ORDER BY document_id, credited, position",
        (list(ids),),
    )


def _credits_of(uow: Uow, ids: Collection[int]) -> dict[int, list[int]]:
    """The credits of each of these documents, in the order in which they were issued; all by their ids."""
    credits: dict[int, dict[int, None]] = {}
    for row in credit_rows_of(uow, ids):
        credits.setdefault(row.credited, {})[row.document_id] = None
    return {number: list(crediting) for number, crediting in credits.items()}


def related_documents(uow: Uow, named: Mapping[int, str]) -> dict[int, Related]:
    """Each document (`named`: its id and type), by its id, with what is left of it and what was received on it; of a deposit's correction,
    on the deposit."""
    if not named:
        return {}
    corrections = [number for number, kind in named.items() if kind == DocumentType.DEPOSIT_INVOICE_CORRECTION]
    sql = f"SELECT {columns(RelationRow)} FROM document_relation WHERE document_id = ANY (%s)"
    behind = dict(uow.all(RelationRow, sql, (corrections,)))  # one each (`related_document_not_single`)
    ids = [*named, *(number for number in behind.values() if number not in named)]
    netting = netting_rows(uow, ids)
    by = {row.document_id for row in netting}
    credits = _credits_of(uow, {*ids, *by})
    naming: dict[int, list[int]] = {}
    for relation in uow.all(
        RelationRow, f"SELECT {columns(RelationRow)} FROM document_relation WHERE related_id = ANY (%s)", (ids,)
    ):
        naming.setdefault(relation.related_id, []).append(relation.document_id)
    known = {number for found in (*credits.values(), *naming.values()) for number in found}
    documents = documents_by_id(uow, {*ids, *by, *known})
    netted = netted_of(netting, {one: what_is_left(documents[one], [documents[it] for it in credits.get(one, ())]) for one in by})
    received, decided = _received(uow, ids), discounts_of(uow, ids)
    found = {}
    for number in ids:
        crediting = [documents[one] for one in credits.get(number, ())]
        related = _with_receipts(documents[number], number, crediting, received.get(number, ()))
        if number in netted:
            related = replace(related, left=with_netted(related.left, netted[number]))
        ident = documents[number].ident
        # also by those that take nothing of its rows, for it billed again what had reduced the rows of another
        taken_back = [it for one in naming.get(number, ()) for it in documents[one].discounts_on(ident)]
        if number in decided or taken_back:
            standing = discounts_left(_as_amounts(decided.get(number, ()), documents[number]), taken_back)
            related = replace(related, discounts=standing)
        if any(credit.is_price_reduction for credit in crediting):
            back = [it for one in naming.get(number, ()) for it in documents[one].price_reductions_on(ident)]
            related = replace(related, price_reductions=discounts_left(_price_reductions(documents[number], crediting), back))
        found[number] = related
    return {number: _of_deposit(found[number], found.get(behind.get(number, 0))) for number in named}


def _price_reductions(document: Document, crediting: Iterable[Document]) -> Iterable[Discount]:
    left = what_is_left(document)
    for credit in crediting:
        before, left = left, after(left, credit)
        if credit.is_price_reduction:
            yield from price_reduction(credit, taken_between(before, left))


def _of_deposit(related: Related, deposit: Related | None) -> Related:
    """The correction of a deposit invoice stands for the deposit: its receipts move to the final invoice (method REVERSAL)."""
    if deposit is None:
        return related
    return replace(
        related,
        received=deposit.received,
        received_booked=deposit.received_booked,
        received_on=deposit.received_on,
        deducted_by=deposit.deducted_by,
        deposit_id=deposit.id,
        deposit_ident=deposit.left.document.ident,
        corrections=deposit.corrections,
        is_reversed=deposit.left.is_used_up,
    )


def _received(uow: Uow, ids: Sequence[int]) -> dict[int, list[ReceiptRow]]:
    rows = uow.all(
        ReceiptRow,
        "SELECT r.document_id, r.received_on, r.category_code, r.tax_rate, r.net, r.tax, r.gross, r.ledger_tax, r.ledger_gross,"
        " d.ident AS deducted_by"
        " FROM deposit_receipt r LEFT JOIN document d ON d.tenant_id = r.tenant_id AND d.id = r.final_document_id"
        " WHERE r.document_id = ANY (%s) ORDER BY r.id, r.position",
        (list(ids),),
    )
    found: dict[int, list[ReceiptRow]] = {}
    for row in rows:
        found.setdefault(row.document_id, []).append(row)
    return found


def discounts_of(uow: Uow, ids: Sequence[int]) -> dict[int, list[Discount]]:
    """The reductions that were decided on documents; one taken back by its counter decision is there twice, once negative."""
    found: dict[int, list[Discount]] = {}
    sql = f"SELECT {columns(DiscountRow)} FROM document_discount WHERE document_id = ANY (%s) ORDER BY id, position"
    for row in uow.all(DiscountRow, sql, (list(ids),)):
        rate = row.tax_rate.normalize() + 0  # as in `_with_receipts`
        found.setdefault(row.document_id, []).append(
            Discount(
                decision=row.decision,
                treatment=row.treatment,
                category_code=row.category_code,
                rate=rate,
                net=row.net,
                tax=row.tax,
                gross=row.gross,
                ledger_tax=row.ledger_tax,
                ledger_gross=row.ledger_gross,
                country=row.country,
            )
        )
    return found


def _as_amounts(entries: Iterable[Discount], document: Document) -> list[Discount]:
    """With the decimals of their currencies; no amount changes."""
    currency = document.currency
    ledger = document.ledger.currency if document.ledger else currency
    return [
        shapes.replace(
            it,
            net=round_amount(it.net, currency),
            tax=round_amount(it.tax, currency),
            gross=round_amount(it.gross, currency),
            ledger_tax=round_amount(it.ledger_tax, ledger),
            ledger_gross=round_amount(it.ledger_gross, ledger),
        )
        for it in entries
    ]


def _as_booked(rows: Sequence[ReceiptRow], currency: str) -> tuple[DepositGroup, ...] | None:
    """Receipts in the ledger's currency; None where a release before has not kept it."""
    parts = []
    for row in rows:
        if row.ledger_tax is None or row.ledger_gross is None:
            return None
        tax, gross = round_amount(row.ledger_tax, currency), round_amount(row.ledger_gross, currency)
        rate = row.tax_rate.normalize() + 0  # as in `_with_receipts`
        parts.append(DepositGroup(category_code=row.category_code, rate=rate, net=gross - tax, tax=tax, gross=gross))
    return total_of([parts])


def _with_receipts(document: Document, number: int, credits: Iterable[Document], rows: Sequence[ReceiptRow]) -> Related:
    parts = [
        # NUMERIC(19, 4) gives 20.0000, normalize alone 2E+1: documents say 20, and amounts with their currency's decimals
        DepositGroup(
            category_code=r.category_code,
            rate=r.tax_rate.normalize() + 0,
            net=round_amount(r.net, document.currency),
            tax=round_amount(r.tax, document.currency),
            gross=round_amount(r.gross, document.currency),
        )
        for r in rows
    ]
    received = total_of([parts])
    booked = _as_booked(rows, document.ledger.currency) if document.ledger is not None else None
    return Related(
        left=what_is_left(document, credits, received),
        received=received,
        received_booked=booked,
        received_on=max((row.received_on for row in rows), default=None),
        id=number,
        deducted_by=next((row.deducted_by for row in rows if row.deducted_by), None),
        deposit_id=number,
        deposit_ident=document.ident,
        corrections=tuple(credits) if document.document_type is DocumentType.DEPOSIT_INVOICE else (),
    )
