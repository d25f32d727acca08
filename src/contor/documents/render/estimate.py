"""The picture of an estimate: the page of the invoice that it would be, which says that it is none. It asks for no payment, names no
date of supply, and carries no e-invoice."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from contor.documents.labels import Label
from contor.documents.render.letterhead import information, shortened
from contor.documents.render.pdf import document_template, fitting, picture, set_page
from contor.documents.render.voice import NBSP, Voice, voice
from contor.documents.types import Document, DocumentType
from contor.kernel.shapes import replace

_RUNNING_EM = 27


class _Words(NamedTuple):
    """What an estimate says by itself, in one language."""

    title: str
    valid_until: str
    total: str
    terms: str
    valid: str
    payment: str
    payment_now: str


WORDS: Final[Mapping[str, _Words]] = {
    "de": _Words(
        title="Angebot",
        valid_until="Gültig bis",
        total="Gesamtbetrag",
        terms="Konditionen",
        valid="Dieses Angebot gilt bis zum {date}.",
        payment="Zahlbar innerhalb von {days} Tagen nach Rechnungsdatum.",
        payment_now="Zahlbar sofort nach Erhalt der Rechnung.",
    ),
    "en": _Words(
        title="Estimate",
        valid_until="Valid until",
        total="Total",
        terms="Terms",
        valid="This estimate is valid until {date}.",
        payment="Payable within {days} days of the invoice date.",
        payment_now="Payable upon receipt of the invoice.",
    ),
}
"""By the language in which a document says its own texts."""


def render_estimate(document: Document, valid_until: dt.date | None, introduction: Sequence[str] = ()) -> bytes:
    """`document`, an invoice that was never issued, as an estimate of its number: PDF/A-3b in its language. The same one gives the same
    bytes. `introduction`: paragraphs before the rows."""
    return set_page(estimate(document, valid_until, introduction), document_template(), document.created_at)


def estimate(document: Document, valid_until: dt.date | None, introduction: Sequence[str]) -> dict[str, object]:
    """Everything the page shows, as `picture` does."""
    if document.document_type is not DocumentType.INVOICE:
        raise ValueError("an estimate is of an invoice")
    spoken = voice(document.language, document.texts)
    offered = replace(document, supply_on_document_date=False)
    words = WORDS[spoken.language]
    title = f"{words.title} {spoken.text(Label.NUMBER)}{NBSP}{document.ident}"
    shown = picture(offered, offered=True)
    changed: dict[str, object] = {
        "title": title,
        "running_head": [_first(shown["running_head"]), shortened(title, _RUNNING_EM)],
        "information": _information(offered, spoken, valid_until),
        "introduction": list(introduction),
        "sums": _with_last(shown["sums"], words.total),
        "payment_title": words.terms,
        "payment_sentences": _terms(document, spoken, valid_until),
        "account": [],
        "code_caption": "",
    }
    return {**shown, **{name: fitting(value) for name, value in changed.items()}, "code": ""}


# helpers in calling order


def _first(values: object) -> str:
    assert isinstance(values, list), "it is two texts"
    return str(values[0])


def _information(document: Document, spoken: Voice, valid_until: dt.date | None) -> list[list[str]]:
    """As the invoice has it; in the place of the day on which it would be due stands that on which the estimate ends."""
    due, lines = spoken.text(Label.DUE_DATE), list[list[str]]()
    for label, value in information(document, spoken):
        if label != due:
            lines.append([label, value])
        if label == spoken.text(Label.DOCUMENT_DATE) and valid_until is not None:
            lines.append([WORDS[spoken.language].valid_until, spoken.date(valid_until)])
    return lines


def _with_last(sums: object, label: str) -> list[list[str]]:
    assert isinstance(sums, list), "it is a list of lines"
    lines = [list(line) for line in sums]
    lines[-1][0] = label
    return lines


def _terms(document: Document, spoken: Voice, valid_until: dt.date | None) -> list[str]:
    words, days = WORDS[spoken.language], document.payment_term.period_in_days
    until = [] if valid_until is None else [words.valid.format(date=spoken.date(valid_until))]
    return [*until, words.payment.format(days=days) if days else words.payment_now]
