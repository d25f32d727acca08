"""A letter as PDF/A-3b: what the template shows, from the letter and the documents that it is about."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from contor.documents.render import Voice, frame, legible_page, set_page, voice_of, way_to_pay
from contor.documents.types import Document
from contor.dunning.letters.words import Word
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
    interest: Decimal = ZERO
    interest_from: dt.date | None = None
    interest_until: dt.date | None = None


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
    flat: Decimal
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


def render_letter(page: LetterPage, document: Document) -> bytes:
    """The file; `document`: the newest of those that the letter is about, with its parties as they are today. It says in which language."""
    return set_page(legible_page(picture(page, document)), _template(), page.made_at)


def picture(page: LetterPage, document: Document) -> dict[str, object]:
    """Everything the page shows, as text in reading order."""
    spoken = voice_of(document.language)
    reference = _reference(page)
    title = _TITLES[page.level - 1].said(spoken)
    return {
        **frame(document, spoken, title),
        "sample": Word.SAMPLE.said(spoken) if document.environment == "TEST" else "",
        "information": _information(page, document, spoken),
        "introduction": _introduction(page, spoken),
        "headings": _headings(page, spoken),
        "rows": [_row(row, page.currency, spoken) for row in page.rows],
        "sums": _sums(page, spoken),
        "notes": [*_interest(page, spoken), *([Word.NO_VAT.said(spoken)] if page.costs or page.interest else [])],
        "payment_sentences": [Word.PAID.said(spoken)],
        **way_to_pay(document, spoken, page.demand, reference),
    }


def _reference(page: LetterPage) -> str:
    """What the payer writes: the numbers of what he owes, as far as they fit, so that the money finds them."""
    said = ""
    for row in page.rows:
        longer = f"{said} {row.ident}".strip()
        if row.outstanding > 0 and len(longer) <= _LONGEST:
            said = longer
    return said or page.ident


def _information(page: LetterPage, document: Document, voice: Voice) -> list[list[str]]:
    lines = [
        (Word.NUMBER, page.ident),
        (Word.DATE, voice.date(page.letter_date)),
        (Word.CUSTOMER, document.customer_ident),
        (Word.PAY_UNTIL, voice.date(page.pay_until)),
    ]
    return [[word.said(voice), value] for word, value in lines]


def _introduction(page: LetterPage, voice: Voice) -> list[str]:
    own = page.text if voice.language == "de" else page.english_text
    text = own or _TEXTS[page.level - 1].said(voice, date=voice.date(page.pay_until))
    return [Word.SALUTATION.said(voice), text, *_threat(page, voice)]


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
    if page.flat:
        lines.append((Word.FLAT, page.flat, "small"))
    if page.interest:
        lines.append((Word.INTEREST, page.interest, "plain"))
    lines.append((Word.DEMAND, page.demand, "payable"))
    return [[word.said(voice), voice.money(amount, page.currency), weight] for word, amount, weight in lines]


def _interest(page: LetterPage, voice: Voice) -> list[str]:
    found = [
        Word.INTEREST_OF.said(
            voice,
            ident=row.ident,
            first=voice.date(row.interest_from),
            last=voice.date(row.interest_until),
            amount=voice.money(row.interest, page.currency),
        )
        for row in page.rows
        if row.interest and row.interest_from is not None and row.interest_until is not None
    ]
    return [*found, Word.POINTS.said(voice, points=voice.number(page.points))] if found else []


@cache
def _template() -> str:
    return _TEMPLATE.read_text("utf-8")
