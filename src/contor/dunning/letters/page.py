"""A letter as PDF/A-3b: what the template shows, from the letter and the documents that it is about."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from contor.documents.render import Voice, frame, legible_page, set_page, voice_of, way_to_pay
from contor.documents.types import Document
from contor.dunning.letters.words import Word
from contor.dunning.rules.types import LevelKind
from contor.kernel.money import ZERO

_TEMPLATE = Path(__file__).parent / "letter.typ"
_LONGEST = 140
"""Characters of a transfer's text."""
_TITLES = (Word.TITLE_1, Word.TITLE_2, Word.TITLE_3, Word.TITLE_4)
_TEXTS = (Word.TEXT_1, Word.TEXT_2, Word.TEXT_3, Word.TEXT_4)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A document on a letter; credits are negative."""

    ident: str
    document_date: dt.date
    due_date: dt.date
    opening: Decimal
    outstanding: Decimal
    level: int
    fee: Decimal = ZERO
    flat: Decimal = ZERO
    interest: Decimal = ZERO
    interest_from: dt.date | None = None
    interest_until: dt.date | None = None
    interest_deducted: Decimal = ZERO
    """Of the interest of that time: what letters before claimed; `interest` is the rest."""
    earlier_fees: Decimal = ZERO
    earlier_flat: Decimal = ZERO
    earlier_interest: Decimal = ZERO
    earlier_interest_from: dt.date | None = None
    earlier_interest_until: dt.date | None = None
    """What is open of letters before."""
    return_costs: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class DebitBack:
    """A debit that came back, by the document that it was to pay."""

    ident: str
    drawn_on: dt.date
    returned_on: dt.date


@dataclass(frozen=True, slots=True)
class LetterPage:
    """What stands on a letter."""

    ident: str
    letter_date: dt.date
    pay_until: dt.date
    level: int
    currency: str
    rows: tuple[PageRow, ...]
    outstanding: Decimal
    costs: Decimal
    interest: Decimal
    demand: Decimal
    points: Decimal
    """Above the base rate."""
    text: str | None
    """The tenant's own, of a German letter; None: ours."""
    english_text: str | None
    last: tuple[str, ...]
    """The documents that go to collection when they are not paid after it: those that have no further level."""
    made_at: dt.datetime
    returned: tuple[DebitBack, ...] = ()
    """Why the documents of a first letter are open."""
    kind: LevelKind | None = None
    """What it is called; None: by its level."""
    head: str | None = None
    """The site whose head it has; None: that of the newest document."""


def render_letter(page: LetterPage, document: Document) -> bytes:
    """The file; `document`: the newest of those that the letter is about, with its parties as they are today. It says in which language."""
    return set_page(legible_page(picture(page, document)), _template(), page.made_at)


def picture(page: LetterPage, document: Document) -> dict[str, object]:
    """Everything the page shows, as text in reading order."""
    spoken = voice_of(document.language)
    reference = _reference(page)
    title = _title(page).said(spoken)
    return {
        **frame(document, spoken, title),
        "sample": Word.SAMPLE.said(spoken) if document.environment == "TEST" else "",
        "information": _information(page, document, spoken),
        "introduction": introduction(page, spoken),
        "headings": _headings(page, spoken),
        "rows": [_row(row, page.currency, spoken) for row in page.rows],
        "sums": _sums(page, spoken),
        "notes": [*_interest(page, spoken), *([Word.NO_VAT.said(spoken)] if page.costs or page.interest else [])],
        "payment_sentences": [Word.PAID.said(spoken)],
        **way_to_pay(document, spoken, page.demand, reference),
    }


def _title(page: LetterPage) -> Word:
    if page.kind == "REMINDER":
        return Word.TITLE_1
    return Word.TITLE_2 if page.kind == "DUNNING" and page.level == 1 else _TITLES[page.level - 1]


def _reference(page: LetterPage) -> str:
    """What the payer writes: the letter's number, by which the money finds all that it asks for, then those of its documents, as far as
    they fit."""
    said = page.ident
    for row in page.rows:
        longer = f"{said} {row.ident}"
        if len(longer) <= _LONGEST:
            said = longer
    return said


def _information(page: LetterPage, document: Document, voice: Voice) -> list[list[str]]:
    lines = [
        (Word.NUMBER, page.ident),
        (Word.DATE, voice.date(page.letter_date)),
        (Word.CUSTOMER, document.customer_ident),
        (Word.PAY_UNTIL, voice.date(page.pay_until)),
    ]
    return [[word.said(voice), value] for word, value in lines]


def introduction(page: LetterPage, voice: Voice) -> list[str]:
    """The paragraphs before the rows."""
    own = page.text if voice.language == "de" else page.english_text
    return [Word.SALUTATION.said(voice), own or _own_words(page, voice), *_threat(page, voice)]


def _own_words(page: LetterPage, voice: Voice) -> str:
    """Of who let us collect it, nobody says that he has overlooked it."""
    until = voice.date(page.pay_until)
    if page.level > 1 or not page.returned:
        # who is dunned at once was not reminded before
        text = Word.TEXT_3 if page.level == 1 and page.kind == "DUNNING" else _TEXTS[page.level - 1]
        return text.said(voice, date=until)
    days = dict[tuple[dt.date, dt.date], list[str]]()
    for debit in page.returned:
        days.setdefault((debit.drawn_on, debit.returned_on), []).append(debit.ident)
    debits = [
        Word.DEBIT_BACK.said(voice, idents=", ".join(idents), drawn=voice.date(drawn), returned=voice.date(returned))
        for (drawn, returned), idents in sorted(days.items())
    ]
    return Word.TEXT_1_RETURNED.said(voice, debits="; ".join(debits), date=until)


def _threat(page: LetterPage, voice: Voice) -> list[str]:
    """Names the documents where the letter is about others, too, that are not handed over yet."""
    if not page.last:
        return []
    if len(page.last) == sum(row.outstanding > 0 for row in page.rows):
        return [Word.COLLECTION.said(voice)]
    return [Word.COLLECTION_OF.said(voice, idents=", ".join(page.last))]


def _headings(page: LetterPage, voice: Voice) -> list[str]:
    words = (Word.DOCUMENT, Word.OF, Word.DUE, Word.LEVEL, Word.AMOUNT, Word.RECEIVED, Word.OUTSTANDING)
    return [word.said(voice, currency=page.currency) for word in words]


def _row(row: PageRow, currency: str, voice: Voice) -> list[str]:
    is_credit = row.outstanding < 0
    return [
        row.ident,
        voice.date(row.document_date),
        Word.CREDIT.said(voice) if is_credit else voice.date(row.due_date),
        "" if is_credit or not row.level else str(row.level),
        voice.amount(row.opening, currency),
        voice.amount(row.opening - row.outstanding, currency),
        voice.amount(row.outstanding, currency),
    ]


def _sums(page: LetterPage, voice: Voice) -> list[list[str]]:
    lines = [(Word.SUM, page.outstanding, "plain")]
    if page.costs:
        lines.append((Word.COSTS, page.costs, "plain"))
        lines += [(word, amount, "small") for word, amount in _costs(page) if amount]
    if page.interest:
        lines.append((Word.INTEREST, page.interest, "plain"))
    lines.append((Word.DEMAND, page.demand, "payable"))
    return [[word.said(voice), voice.money(amount, page.currency), weight] for word, amount, weight in lines]


def _costs(page: LetterPage) -> list[tuple[Word, Decimal]]:
    """What costs consist of."""
    parts = (
        (Word.FEE, [row.fee for row in page.rows]),
        (Word.FLAT, [row.flat for row in page.rows]),
        (Word.RETURN_COSTS, [row.return_costs for row in page.rows]),
        (Word.EARLIER_FEES, [row.earlier_fees for row in page.rows]),
        (Word.EARLIER_FLAT, [row.earlier_flat for row in page.rows]),
    )
    return [(word, sum(amounts, ZERO)) for word, amounts in parts]


def _interest(page: LetterPage, voice: Voice) -> list[str]:
    found = [line for row in page.rows for line in _interest_on(row, page.currency, voice)]
    return [*found, Word.POINTS.said(voice, points=voice.number(page.points))] if found else []


def _interest_on(row: PageRow, currency: str, voice: Voice) -> Iterator[str]:
    """What is open of letters before, and what this one claims: each with its days, together what the letter asks for."""
    if row.earlier_interest_from is not None and row.earlier_interest_until is not None:
        yield Word.INTEREST_EARLIER.said(
            voice,
            ident=row.ident,
            first=voice.date(row.earlier_interest_from),
            last=voice.date(row.earlier_interest_until),
            amount=voice.money(row.earlier_interest, currency),
        )
    if row.interest_from is not None and row.interest_until is not None:
        word = Word.INTEREST_LESS if row.interest_deducted else Word.INTEREST_OF
        yield word.said(
            voice,
            ident=row.ident,
            first=voice.date(row.interest_from),
            last=voice.date(row.interest_until),
            amount=voice.money(row.interest, currency),
            less=voice.money(row.interest_deducted, currency),
            whole=voice.money(row.interest + row.interest_deducted, currency),
        )


@cache
def _template() -> str:
    return _TEMPLATE.read_text("utf-8")
