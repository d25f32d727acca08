"""What a credit corrects: each row and the whole before and after it, and the difference (art. 106j (2) no. 5 of the Polish VAT act).
Pure."""

from contor.documents.labels import Label
from contor.documents.render.voice import Voice
from contor.documents.types import AmountSides, CorrectedRow, Document, DocumentItem, RowState

_STATES = (Label.CORRECTION_BEFORE, Label.CORRECTION_AFTER, Label.CORRECTION_DIFFERENCE)


def correction(document: Document, voice: Voice) -> dict[str, object] | None:
    """The table, as the template takes it; None where the document has no such layout. Three lines for each row, three for the sum."""
    found = document.correction
    if found is None:
        return None
    items = {item.position: item for item in document.items}
    headings = (
        Label.POSITION,
        Label.CORRECTION_STATE,
        Label.QUANTITY,
        Label.UNIT_PRICE,
        Label.VAT,
        Label.CORRECTION_NET,
        Label.CORRECTION_TAX,
        Label.CORRECTION_GROSS,
    )
    return {
        "title": f"{voice.text(Label.CORRECTION_TITLE)} ({document.currency})",
        "reason": voice.text(Label.CORRECTION_REASON, reason=found.reason),
        "headings": [voice.text(heading) for heading in headings],
        "rows": [_row(row, items[row.position], document, voice) for row in found.rows],
        "total": [
            ["", f"{voice.text(Label.CORRECTION_TOTAL)} {voice.text(state)}", "", "", "", *_amounts(amounts, document, voice)]
            for state, amounts in zip(_STATES, (found.before, found.after, _difference(found.before, found.after)), strict=True)
        ],
    }


def _row(row: CorrectedRow, item: DocumentItem, document: Document, voice: Voice) -> list[list[str]]:
    vat = voice.percent(item.rate)
    quantity = voice.quantity(row.after.quantity - row.before.quantity, item.unit_code)
    price = voice.amount(row.after.unit.net - row.before.unit.net, document.currency)
    difference = _difference(row.before.total, row.after.total)
    return [
        [str(row.position), voice.text(_STATES[0]), *_state(row.before, item, document, voice, vat)],
        ["", voice.text(_STATES[1]), *_state(row.after, item, document, voice, vat)],
        ["", voice.text(_STATES[2]), quantity, price, vat, *_amounts(difference, document, voice)],
    ]


def _state(state: RowState, item: DocumentItem, document: Document, voice: Voice, vat: str) -> list[str]:
    return [
        voice.quantity(state.quantity, item.unit_code),
        voice.amount(state.unit.net, document.currency),
        vat,
        *_amounts(state.total, document, voice),
    ]


def _difference(before: AmountSides, after: AmountSides) -> AmountSides:
    return AmountSides(net=after.net - before.net, tax=after.tax - before.tax, gross=after.gross - before.gross)


def _amounts(amounts: AmountSides, document: Document, voice: Voice) -> list[str]:
    return [voice.amount(value, document.currency) for value in (amounts.net, amounts.tax, amounts.gross)]
