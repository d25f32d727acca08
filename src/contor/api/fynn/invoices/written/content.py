"""An invoice that is sent, as the content of a draft."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Final, NamedTuple

from contor.api.fynn.invoices.shown import GROUP, INTERNAL_NOTE, LEITWEG, PARENT, first_row
from contor.api.fynn.invoices.written.rows import Around, row_of
from contor.api.fynn.invoices.written.types import InvoiceWords, PositionData, PositionSent
from contor.customers.billed import Billed
from contor.documents.papers import INTRODUCTION, NOT_DUNNED, NOTE, TITLE, in_parts
from contor.documents.types import LONGEST_TERM
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.partial import Content

DRAWN: Final = "rowsDrawn"
"""Property of an invoice: how many rows it has had, so that no number is given anew."""
USUAL_TERM: Final = 14
"""Days, where neither the invoice nor its customer says it."""


class Basis(NamedTuple):
    """All that a draft is made of beside what is sent."""

    customer: Billed
    group: str
    around: Around
    today: dt.date
    """The date that it gets where none is said."""
    address: str | None = None
    """The ident of the address that was chosen."""
    account: str | None = None
    """The ident of the payment method that was chosen."""
    method: str | None = None
    """How that pays, in the core's word."""


def content_of(data: InvoiceWords, basis: Basis, before: Content | None = None) -> Content:
    """What the draft says but for its rows; what is left out stays. Raises INVALID with every finding."""
    known = before or {}
    made: Content = {
        **known,
        "billing_group_ident": known.get("billing_group_ident") or basis.group,
        "currency": basis.around.currency,
        "language": known.get("language") or basis.customer.language or "de",
        "customer_detail": _customer(basis, known),
        "properties": _properties(data, known),
    }
    if data.creation_date is not None:
        made["document_date"] = data.creation_date.day.isoformat()
    _terms(data.due_date, basis, made)
    if basis.account is not None:
        said = {"customer_payment_account_ident": basis.account, "payment_type": basis.method or "BANK_TRANSFER"}
        made["payment_information"] = {**(made.get("payment_information") or {}), **said}
        made["payment_collection"] = {"collect": True}
    return {key: value for key, value in made.items() if value not in (None, [], {})}


def with_due_date(content: Content, due: dt.date, today: dt.date) -> Content:
    """The term by which it is due on that day. Raises INVALID where that is no term."""
    dated = content.get("document_date")
    begins = dt.date.fromisoformat(dated) if dated else today
    days = (due - begins).days
    if not 0 <= days <= LONGEST_TERM:
        message = f"is within {LONGEST_TERM} days from the day of the invoice ({begins.isoformat()})"
        raise Refused(Kind.INVALID, Problem("due_date_out_of_range", message, "dueDate", due))
    return {**content, "payment_term": {**(content.get("payment_term") or {}), "period_in_days": days}}


def all_rows(
    sent: Sequence[PositionSent], paper: int, around: Around, before: Content | None, named: Mapping[str, str]
) -> tuple[list[Content], str]:
    """(rows for all that is sent, in the place of those that there are; how many numbers are given away by then). A position that names its
    id stays the one that it was; `named`: idents by these ids. Raises INVALID with every finding."""
    numbers = numbers_of(paper, before)
    known = {item["ident"]: item for item in (before or {}).get("items") or ()}
    rows: list[Content] = []
    problems: list[Problem] = []

    def add(one: PositionData, path: str, parent: str | None) -> str:
        ident = named.get(one.id or "") or str(next(numbers))
        if one.id is not None and one.id not in named:
            problems.append(Problem("position_unknown", "is no position of this invoice", f"{path}id", one.id))
        try:
            row = row_of(one, ident, path, around, known.get(ident))
            above = next((it for it in rows if it["ident"] == parent), None)
            rows.append(with_parent(row, None) if above is None else beneath(row, above))
        except Refused as refused:
            problems.extend(refused.problems)
        return ident

    for place, position in enumerate(sent):
        root = add(position, f"positions[{place}].", None)
        for number, child in enumerate(position.children):
            add(child, f"positions[{place}].children[{number}].", root)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return rows, drawn_of(paper, numbers)


def numbers_of(paper: int, before: Content | None) -> Iterator[int]:
    """For new rows of the invoice: which invoice a row is of can be read off its number."""
    drawn = next((entry["value"] for entry in (before or {}).get("properties") or () if entry["key"] == DRAWN), "0")
    return count(first_row(paper, int(drawn)))


def drawn_of(paper: int, numbers: Iterator[int]) -> str:
    """How many numbers of rows the invoice has given away."""
    return str(next(numbers) - first_row(paper, 0))


def with_drawn(content: Content, drawn: str) -> Content:
    kept = [entry for entry in content.get("properties") or () if entry["key"] != DRAWN]
    return {**content, "properties": [*kept, {"key": DRAWN, "value": drawn}]}


def beneath(row: Content, parent: Content) -> Content:
    """The row as one of the position `parent`, and where it says no headline of its own, below the same."""
    made = with_parent(row, parent["ident"])
    return made if group_of(row) is not None else with_group(made, group_of(parent))


def group_of(row: Content) -> str | None:
    return next((entry["value"] for entry in row.get("properties") or () if entry["key"] == GROUP), None)


def with_group(row: Content, group: str | None) -> Content:
    kept = [entry for entry in row.get("properties") or () if entry["key"] != GROUP]
    return {**row, "properties": [*kept, *([{"key": GROUP, "value": group}] if group is not None else [])]}


def with_parent(row: Content, parent: str | None) -> Content:
    """The row as one of the position `parent`; None: of none."""
    kept = [entry for entry in row.get("properties") or () if entry["key"] != PARENT]
    return {**row, "properties": [*kept, *([{"key": PARENT, "value": parent}] if parent is not None else [])]}


def parent_of(row: Content) -> str | None:
    return next((entry["value"] for entry in row.get("properties") or () if entry["key"] == PARENT), None)


def placed(rows: Sequence[Content], row: Content, position: int | None) -> list[Content]:
    """The rows with this one at its place (from 1) among those beside it; 0: behind all of them; None: where it is."""
    beside = [one for one in rows if parent_of(one) == parent_of(row) and one["ident"] != row["ident"]]
    others = [one for one in rows if one["ident"] != row["ident"]]
    if position is None and len(others) < len(rows):
        return [row if one["ident"] == row["ident"] else one for one in rows]
    wanted = len(beside) if not position else min(position - 1, len(beside))
    if wanted == len(beside):
        return _grouped([*others, row])
    at = others.index(beside[wanted])
    return _grouped([*others[:at], row, *others[at:]])


# helpers in calling order


def _customer(basis: Basis, known: Content) -> Content:
    who, before = basis.customer, known.get("customer_detail") or {}
    same = before.get("customer_ident") == who.customer_ident
    address = basis.address or (before.get("invoice_address_ident") if same else None) or who.invoice_address_ident
    address = address or who.shipping_address_ident
    if address is None:
        message = "has no address: an invoice names the one of its recipient (section 14 (4) no. 1 UStG)"
        raise Refused(Kind.INVALID, Problem("address_missing", message, "customer", who.customer_ident))
    found = {"customer_ident": who.customer_ident, "invoice_address_ident": address}
    return {**found, "shipping_address_ident": who.shipping_address_ident} if who.shipping_address_ident else found


def _properties(data: InvoiceWords, known: Content) -> list[Content]:
    texts: dict[str, str | None] = {
        TITLE: data.title,
        INTRODUCTION: data.introduction,
        NOTE: data.closing,
        INTERNAL_NOTE: data.internal_note,
        LEITWEG: data.leitweg_id,
        NOT_DUNNED: None if data.dunning_disabled is None else str(data.dunning_disabled).lower(),
    }
    if data.e_invoice_type == "zugferd":
        texts[LEITWEG] = ""
    said: Mapping[str, str] = {key: text for key, text in texts.items() if text is not None}
    kept = [entry for entry in known.get("properties") or () if entry["key"].partition(".")[0] not in said]
    return [*kept, *({"key": it.key, "value": it.value} for key, text in said.items() for it in in_parts(key, text))]


def _terms(due: dt.date | None, basis: Basis, made: Content) -> None:
    if due is not None:
        made |= with_due_date(made, due, basis.today)
    elif "payment_term" not in made:
        days = (basis.customer.payment_terms or {}).get("days")
        made["payment_term"] = {"period_in_days": USUAL_TERM if days is None else days}


def _grouped(rows: Sequence[Content]) -> list[Content]:
    """Each position with those that belong to it right behind it."""
    roots = [row for row in rows if parent_of(row) is None]
    return [one for root in roots for one in (root, *(row for row in rows if parent_of(row) == root["ident"]))]


def is_root(rows: Sequence[Content], ident: str) -> bool:
    """Whether the position of this ident belongs to no other."""
    return any(row["ident"] == ident and parent_of(row) is None for row in rows)


def with_children(data: PositionSent, parent: Content, numbers: Iterator[int], around: Around, path: str) -> list[Content]:
    """The rows of the positions that are sent within one."""
    made = []
    for place, child in enumerate(data.children):
        row = row_of(child, str(next(numbers)), f"{path}children[{place}].", around)
        made.append(beneath(row, parent))
    return made
