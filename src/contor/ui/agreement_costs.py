"""What a change of a contract costs, as its page says it before the button is pressed: the total price, and what is charged in each
interval (German Civil Code § 312j (2)). Pure."""

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from html import escape

from contor.billing.outlook import ContractPreview, PreviewedDocument, PreviewedLine
from contor.catalogue.types import Duration
from contor.contracts.terms import OptionQuantity
from contor.documents.render import Voice
from contor.ui.agreement_texts import AgreementTexts

DOCUMENTS = 2
"""That follow and are looked at: the first one may bill a part of an interval, the second one bills a whole one."""
CREDIT_MEMO = "CREDIT_MEMO"
_SUM = '<tr{kind}><th scope="row">{name}</th><td class="sum">{value}</td></tr>'


def in_words(interval: Duration, texts: AgreementTexts) -> str:
    one, several = texts.intervals[interval.unit]
    return one if interval.value == 1 else several.format(value=interval.value)


def mark_of(costs: ContractPreview, had: Sequence[OptionQuantity], wanted: Sequence[OptionQuantity]) -> str:
    """Tells whether what is confirmed is what was shown: the same costs of the same change of the same contract."""
    shown = [
        (
            one.document_type,
            one.document_date.isoformat(),
            one.currency,
            str(one.totals.gross),
            [(line.name, str(line.quantity), str(line.prices.total.gross)) for line in one.items],
        )
        for one in (*costs.now, *costs.next)
    ]
    quantities = [[(one.option_ident, str(one.quantity.normalize())) for one in each] for each in (had, wanted)]
    return sha256(repr((costs.contract_ident, shown, quantities)).encode()).hexdigest()


def is_known(costs: ContractPreview) -> bool:
    """Whether there is a price to be shown: what is not billed for a reason has none."""
    return bool(costs.now or costs.next or not costs.not_billed)


def costs_of(costs: ContractPreview, interval: Duration, voice: Voice, texts: AgreementTexts) -> str:
    """As HTML: what is billed at once, and then."""
    parts = [bill_of(texts.credited_now if _is_credit(one) else texts.charged_now, one, voice, texts) for one in costs.now]
    if not parts:
        parts.append(f"<p>{escape(texts.nothing_now)}</p>")
    if not costs.next:
        return "".join((*parts, f"<p>{escape(texts.ends)}</p>"))
    first, last = costs.next[0], costs.next[-1]
    if _signed(first, first.totals.gross) != _signed(last, last.totals.gross):
        parts.append(bill_of(texts.next_bill.format(day=voice.date(first.document_date)), first, voice, texts))
        first = last
    words = texts.recurring.format(interval=in_words(interval, texts), day=voice.date(first.document_date))
    return "".join((*parts, bill_of(words, first, voice, texts)))


# helpers in calling order


def _is_credit(document: PreviewedDocument) -> bool:
    return document.document_type == CREDIT_MEMO


def _signed(document: PreviewedDocument, value: Decimal) -> Decimal:
    return -value if _is_credit(document) else value


def bill_of(title: str, document: PreviewedDocument, voice: Voice, texts: AgreementTexts) -> str:
    """One bill, as HTML."""

    def money(value: Decimal) -> str:
        return escape(voice.money(value, document.currency))

    # what was not used costs nothing
    rows = "".join(_row(line, voice, money(line.prices.total.net)) for line in document.items if line.quantity)
    sums = [(texts.sum_net, document.totals.net)]
    sums += [(texts.tax.format(rate=voice.percent(tax.rate)), tax.amount) for tax in document.taxes]
    feet = "".join(_SUM.format(kind="", name=escape(name), value=money(value)) for name, value in sums)
    total = _SUM.format(kind=' class="total"', name=escape(texts.total), value=money(document.totals.gross))
    heads = f'<th scope="col">{escape(texts.item)}</th><th scope="col" class="sum">{escape(texts.amount)}</th>'
    return (
        f'<table class="costs"><caption>{escape(title)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody><tfoot>{feet}{total}</tfoot></table>"
    )


def _row(line: PreviewedLine, voice: Voice, amount: str) -> str:
    """Of a part of an interval the row of a bill is one thing, however many are charged: only of several it says how many."""
    name = line.name if line.quantity == 1 else f"{voice.number(line.quantity)} × {line.name}"
    period = f"<br><small>{escape(voice.period(line.service_period))}</small>" if line.service_period is not None else ""
    return f'<tr><td>{escape(name)}{period}</td><td class="sum">{amount}</td></tr>'
