"""Write, change and delete drafts, and the positions of one: what is answered is the whole invoice."""

from collections.abc import Sequence
from dataclasses import dataclass

from contor.api.fynn.invoices.shown import InvoiceShown, invoice_id, invoice_view, paper_of_row, position_number
from contor.api.fynn.invoices.written.clearing import row_without, without
from contor.api.fynn.invoices.written.content import (
    all_rows,
    beneath,
    content_of,
    drawn_of,
    group_of,
    is_root,
    numbers_of,
    parent_of,
    placed,
    with_children,
    with_drawn,
    with_group,
    with_parent,
)
from contor.api.fynn.invoices.written.known import basis_of, customer_meant, customer_of, draft_meant, flat, positions_named
from contor.api.fynn.invoices.written.rows import row_of
from contor.api.fynn.invoices.written.said import said_as
from contor.api.fynn.invoices.written.types import (
    InvoiceChange,
    InvoiceData,
    InvoiceWords,
    NewPosition,
    PositionChange,
    PositionSent,
)
from contor.custom_fields.values import forgotten, kept
from contor.documents.drafts import (
    ChangeDraft,
    CreateDraft,
    Draft,
    DraftCreation,
    DraftUpdate,
    DraftVersion,
    create_draft,
    delete_draft,
    drafts_by_id,
    replace_draft,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import few, operation
from contor.kernel.partial import Content, cleared
from contor.runtime.execute import validated
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class CreateInvoice:
    body: InvoiceData


@dataclass(frozen=True, slots=True)
class ChangeInvoice:
    id: str
    body: InvoiceChange


@dataclass(frozen=True, slots=True)
class OneInvoice:
    id: str


@dataclass(frozen=True, slots=True)
class CreatePosition:
    body: NewPosition


@dataclass(frozen=True, slots=True)
class AddPosition:
    id: str
    body: NewPosition


@dataclass(frozen=True, slots=True)
class ChangePosition:
    id: str
    body: PositionChange


@operation("fynn.invoice_create", permission="documents.write")
@few
def create_invoice(uow: Uow, command: CreateInvoice) -> InvoiceShown:
    """A draft for a customer; positions may come later."""
    data, number = command.body, uow.next_id()
    basis = basis_of(uow, data, customer_meant(uow, data.customer), flat(data.positions))
    rows, drawn = all_rows(data.positions, number, basis.around, None, {})
    content = with_drawn({**content_of(data, basis), "items": rows}, drawn)
    with said_as():
        body = validated(DraftCreation, {"type": "INVOICE", **content})
        create_draft(uow, CreateDraft(body=body, draft_id=number))
    kept(uow, "INVOICE", str(number), data.custom_fields or {})
    return shown_invoice(uow, number)


@operation("fynn.invoice_change", permission="documents.write")
def change_invoice(uow: Uow, command: ChangeInvoice) -> InvoiceShown:
    """Change what is said of a draft; what is left out stays, null clears it."""
    draft, data = draft_meant(uow, command.id), command.body
    before = without(draft.content, cleared(data))
    who = customer_of(uow, draft, data.customer)
    basis = basis_of(uow, data, who, flat(data.positions or ()), before)
    content = content_of(data, basis, before)
    if data.creation_date is not None and data.creation_date.instant == draft.created_at.replace(microsecond=0):
        content = _dated_as(content, before)  # as it was shown: no date was said, and it gets that of the day on which it is issued
    if data.positions is not None:
        rows, drawn = all_rows(data.positions, draft.id, basis.around, before, positions_named(uow, draft))
        content = with_drawn({**content, "items": rows}, drawn)
    kept(uow, "INVOICE", str(draft.id), data.custom_fields or {})
    return _written(uow, draft, content)


@operation("fynn.invoice_delete", permission="documents.write")
def delete_invoice(uow: Uow, command: OneInvoice) -> None:
    """Give a draft up."""
    draft = draft_meant(uow, command.id)
    delete_draft(uow, DraftVersion(draft_ident=draft.ident))
    forgotten(uow, "INVOICE", [str(draft.id)])


@operation("fynn.invoice_position_create", permission="documents.write")
def create_position(uow: Uow, command: CreatePosition) -> InvoiceShown:
    """Add a position, with those that belong to it, to the draft that it names."""
    named = command.body.invoice
    if named is None:
        raise Refused(Kind.INVALID, Problem("missing", "is required: of which invoice", "invoice"))
    return _add(uow, draft_meant(uow, named), command.body)


@operation("fynn.invoice_position_add", permission="documents.write")
def add_position(uow: Uow, command: AddPosition) -> InvoiceShown:
    """Add a position, with those that belong to it, to a draft."""
    return _add(uow, draft_meant(uow, command.id), command.body)


@operation("fynn.invoice_position_change", permission="documents.write")
def change_position(uow: Uow, command: ChangePosition) -> InvoiceShown:
    """Change a position of a draft; what is left out stays, and so do those that belong to it, unless they are sent. Null clears."""
    draft, ident = _draft_of_position(uow, command.id)
    data, rows = command.body, list(draft.content.get("items") or ())
    before = row_without(next(row for row in rows if row["ident"] == ident), cleared(data))
    data = PositionSent(**{name: getattr(data, name) for name in data.model_fields_set - cleared(data)})
    no_children = command.body.children is None and "children" in command.body.model_fields_set
    basis = basis_of(uow, InvoiceWords(), customer_of(uow, draft, None), flat([data]), draft.content)
    row = _under(uow, draft, row_of(data, ident, "", basis.around, before), data, rows)
    former, group = group_of(next(one for one in rows if one["ident"] == ident)), group_of(row)
    moved = {one["ident"] for one in rows if parent_of(one) == ident and group_of(one) == former}
    rows = placed([with_group(one, group) if one["ident"] in moved else one for one in rows], row, data.position)
    numbers = numbers_of(draft.id, draft.content)
    if data.children or no_children:
        rows = [one for one in rows if parent_of(one) != ident]
        at = next(place for place, one in enumerate(rows) if one["ident"] == ident) + 1
        rows[at:at] = with_children(data, row, numbers, basis.around, "")
    return _written(uow, draft, with_drawn({**draft.content, "items": rows}, drawn_of(draft.id, numbers)))


@operation("fynn.invoice_position_delete", permission="documents.write")
def delete_position(uow: Uow, command: OneInvoice) -> None:
    """Take a position out of a draft, with those that belong to it."""
    draft, ident = _draft_of_position(uow, command.id)
    rows = [row for row in draft.content.get("items") or () if row["ident"] != ident and parent_of(row) != ident]
    _written(uow, draft, {**draft.content, "items": rows})


def due_on(uow: Uow, draft: Draft, content: Content) -> Draft:
    """The draft as it is when this was written into it."""
    _write(uow, draft, content)
    return drafts_by_id(uow, [draft.id])[draft.id]


def shown_invoice(uow: Uow, number: int) -> InvoiceShown:
    (shown,) = invoice_view(uow, [number])
    return shown


# helpers in calling order


def _dated_as(content: Content, before: Content) -> Content:
    dated = before.get("document_date")
    return {
        **{name: value for name, value in content.items() if name != "document_date"},
        **({"document_date": dated} if dated else {}),
    }


def _written(uow: Uow, draft: Draft, content: Content) -> InvoiceShown:
    _write(uow, draft, content)
    return shown_invoice(uow, draft.id)


def _write(uow: Uow, draft: Draft, content: Content) -> None:
    with said_as():
        body = validated(DraftUpdate, {key: value for key, value in content.items() if value not in (None, [], {})})
        replace_draft(uow, ChangeDraft(draft_ident=draft.ident, body=body, version=draft.version))


def _add(uow: Uow, draft: Draft, data: NewPosition) -> InvoiceShown:
    rows = list(draft.content.get("items") or ())
    basis = basis_of(uow, InvoiceWords(), customer_of(uow, draft, None), flat([data]), draft.content)
    numbers = numbers_of(draft.id, draft.content)
    row = _under(uow, draft, row_of(data, str(next(numbers)), "", basis.around), data, rows)
    rows = placed(rows, row, data.position or 0)
    if data.children:
        at = next(place for place, one in enumerate(rows) if one["ident"] == row["ident"]) + 1
        rows[at:at] = with_children(data, row, numbers, basis.around, "")
    return _written(uow, draft, with_drawn({**draft.content, "items": rows}, drawn_of(draft.id, numbers)))


def _under(uow: Uow, draft: Draft, row: Content, data: PositionSent, rows: Sequence[Content]) -> Content:
    """The row beneath the position that it names; positions lie no deeper than two."""
    if data.parent is None:
        return with_parent(row, parent_of(row)) if parent_of(row) is not None else row
    ident = positions_named(uow, draft).get(data.parent)
    if ident is None or ident == row["ident"]:
        raise Refused(Kind.INVALID, Problem("position_unknown", "is no other position of this invoice", "parent", data.parent))
    has_own = bool(data.children) or any(parent_of(one) == row["ident"] for one in rows)
    if not is_root(rows, ident) or has_own:
        message = "would lie deeper than two: a position of a position has none of its own"
        raise Refused(Kind.INVALID, Problem("positions_too_deep", message, "parent", data.parent))
    return beneath(row, next(one for one in rows if one["ident"] == ident))


def _draft_of_position(uow: Uow, text: str) -> tuple[Draft, str]:
    """(the draft, held; the ident of its row) of a position. Raises NOT_FOUND; ILLEGAL_STATE where it is finalized."""
    number = position_number(uow, text)
    if number is None:
        raise not_found("invoice_position", text)
    draft = draft_meant(uow, invoice_id(uow, paper_of_row(number)), "its positions stay")
    ident = positions_named(uow, draft).get(text)
    if ident is None:
        raise not_found("invoice_position", text)
    return draft, ident
