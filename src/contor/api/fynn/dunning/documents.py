"""Dunning documents: the letters that went out and stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from contor.api.fynn.dunning.answers import DunningCustomer, DunningDocumentShown
from contor.api.fynn.dunning.levels import kind_of
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.invoices import invoice_id, invoice_rows, paper_meant
from contor.api.fynn.manners import MediaShown, known_when, minor_units, money, when
from contor.api.ids import as_ulid, as_uuid, of_uuid
from contor.api.route import By, Sought
from contor.documents.papers import papers_of_documents
from contor.dunning.letters import STANDING, LetterView, OneLetter, get_letter, levels_of_letters, standing_letters
from contor.dunning.queries import letter_ids, letter_numbered, letters_told
from contor.kernel.errors import Refused
from contor.kernel.operations import operation
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.rsql import All, Comparison, Node
from contor.runtime.uow import Uow, not_found

SOUGHT: Final = Sought(
    by={
        "invoice": By(field="document_id"),
        "invoice.id": By(field="document_id"),
        "customer": By(field="customer_ident"),
        "customer.id": By(field="customer_ident"),
        "documentDate": By(field="letter_date", form="DAY"),
        "dueDate": By(field="pay_until", form="DAY"),
    },
    order={"createdAt": "letter_id", "documentDate": "letter_date", "dueDate": "pay_until", "level": "level"},
)
FIELDS: Final = STANDING
_NOBODY: Final = {"document_id": "0", "customer_ident": "~"}
"""What nothing is called."""


@dataclass(frozen=True, slots=True)
class ListDunningDocuments:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneDunningDocument:
    id: str


@operation("fynn.dunning_document_list", permission="bookkeeping.read", reads=True)
def list_dunning_documents(uow: Uow, command: ListDunningDocuments) -> Page:
    """Letters that went out, the latest first."""
    where = command.query.where
    terms = () if where is None else where.terms if isinstance(where, All) else (where,)
    named = tuple(_named(uow, term) for term in terms)
    said = All(named) if len(named) > 1 else next(iter(named), None)
    page = standing_letters(uow, replace(command.query, where=said))
    letters = [one for one in page.items if isinstance(one, LetterView)]
    return replace(page, items=tuple(_shown(uow, letters)))


@operation("fynn.dunning_document_get", permission="bookkeeping.read", reads=True)
def get_dunning_document(uow: Uow, command: OneDunningDocument) -> DunningDocumentShown:
    """A letter that went out."""
    number = of_uuid(command.id, _scope(uow))
    ident = letter_numbered(uow, number) if number is not None else None
    letter = get_letter(uow, OneLetter(letter_ident=ident)) if ident is not None else None
    if letter is None or letter.status != "MADE":
        raise not_found("dunning_document", command.id)
    (shown,) = _shown(uow, [letter])
    return shown


def dunning_documents_shown(uow: Uow, idents: Sequence[str]) -> dict[str, DunningDocumentShown]:
    """Letters as they are answered, by ident, also those that were taken back."""
    letters = [get_letter(uow, OneLetter(letter_ident=ident)) for ident in idents]
    return dict(zip(idents, _shown(uow, letters), strict=True))


# helpers in calling order


def _scope(uow: Uow) -> str:
    return f"{uow.ctx.tenant_id}:dunning_letter"


def _named(uow: Uow, term: Node) -> Node:
    """With idents for the ids of customers and invoices; an id that names nothing finds nothing."""
    if not isinstance(term, Comparison) or term.field not in ("document_id", "customer_ident"):
        return term
    texts = [value.text for value in term.values]
    if term.field == "customer_ident":
        found = list(CUSTOMER.find(uow, texts).values())
    else:
        found = [str(number) for text in texts if (number := _document(uow, text)) is not None]
    return Comparison.of(term.field, "=in=", *(found or [_NOBODY[term.field]]))


def _document(uow: Uow, text: str) -> int | None:
    try:
        return paper_meant(uow, text).document_id
    except Refused:
        return None


def _shown(uow: Uow, letters: Sequence[LetterView]) -> list[DunningDocumentShown]:
    """In their order; what they name is read once for all of them."""
    idents = [letter.letter_ident for letter in letters]
    numbers, levels = letter_ids(uow, idents), levels_of_letters(uow, idents)
    told = {one.letter_ident: one for one in letters_told(uow, numbers.values())} if letters else {}
    customers = CUSTOMER.shown(uow, {letter.customer_ident for letter in letters})
    firsts = {ident: one.document_ids[0] for ident, one in told.items() if one.document_ids}
    papers = {paper.document_id: paper.id for paper in papers_of_documents(uow, set(firsts.values()))} if firsts else {}
    rows = {row.id: row for row in invoice_rows(uow, list(papers.values()))} if papers else {}
    shown = []
    for letter in letters:
        ident, number = letter.letter_ident, numbers[letter.letter_ident]
        kind = kind_of(levels[ident], letter.level)
        paper = papers.get(firsts.get(ident))
        shown.append(
            DunningDocumentShown(
                id=as_uuid(number, _scope(uow)),
                number=ident,
                customer=_customer(letter, customers),
                document_date=known_when(letter.letter_date),
                due_date=known_when(letter.pay_until),
                type=kind,
                level=letter.level,
                dunning_fee=_fee(letter) if kind == "dunning" else None,
                amount=money(letter.demand, letter.currency),
                media=_media(uow, letter, number),
                invoice=rows.get(invoice_id(uow, paper)) if paper is not None else None,
                created_at=when(letter.made_at),
                paid_at=when(letter.paid_at),
            )
        )
    return shown


def _customer(letter: LetterView, customers: dict[str, int | str]) -> DunningCustomer | None:
    shown = customers.get(letter.customer_ident)
    return None if shown is None else DunningCustomer(id=str(shown), customer_number=letter.customer_ident)


def _fee(letter: LetterView) -> int:
    fee = sum((item.fee for item in letter.items), Decimal(0))
    return int(minor_units(fee, letter.currency))


def _media(uow: Uow, letter: LetterView, number: int) -> MediaShown | None:
    if letter.file_sha256 is None:
        return None
    return MediaShown(
        id=as_ulid(number, f"{uow.ctx.tenant_id}:dunning_file"),
        mime_type="application/pdf",
        file_extension="pdf",
        file_name=f"{letter.letter_ident}.pdf",
        storage_file_name=f"{letter.file_sha256}.pdf",
        created_at=when(letter.made_at),
    )
