"""What an order or an offer comes to, as its page says it before the button is pressed (section 312j (2) BGB): all prices, what recurs, for
how long."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape

from contor.catalogue.types import Duration
from contor.checkout.confirming import CartCosts
from contor.documents.render import Voice
from contor.offers.proposals import ShownCosts, ShownDocument
from contor.ui.agreement_costs import bill_of, costs_of
from contor.ui.agreement_texts import AGREEMENT_TEXTS
from contor.ui.ordering.texts import DURATIONS
from contor.ui.texts import Language

_SUM = '<tr{kind}><th scope="row">{name}</th><td class="sum">{value}</td></tr>'


def lasting(duration: Duration, language: Language) -> str:
    one, several = DURATIONS[language][duration.unit]
    return one if duration.value == 1 else several.format(value=duration.value)


def mark_of(costs: CartCosts, said: Mapping[str, str]) -> str:
    """Tells whether what is ordered is what was shown: the same bills, to who said the same."""
    shown = [
        (one.document_type, one.currency, str(one.totals.gross), [(line.name, str(line.quantity)) for line in one.items])
        for one in (*costs.costs.now, *costs.costs.next)
    ]
    return sha256(repr((shown, sorted(said.items()))).encode()).hexdigest()


def offer_mark(costs: ShownCosts, said: Mapping[str, str]) -> str:
    """The same of an offer."""
    shown = [
        (str(one.net), str(one.tax), str(one.gross), [(line.name, str(line.quantity)) for line in one.lines])
        for one in (*costs.now, *costs.following)
    ]
    return sha256(repr((shown, sorted(said.items()))).encode()).hexdigest()


def cart_costs(costs: CartCosts, voice: Voice, language: Language) -> str:
    """As HTML: what is billed at once, and then."""
    texts = AGREEMENT_TEXTS[language]
    if costs.interval is not None:
        return costs_of(costs.costs, costs.interval, voice, texts)
    return "".join(bill_of(texts.charged_now, one, voice, texts) for one in costs.costs.now)


def offered_costs(title: str, documents: Sequence[ShownDocument], currency: str, voice: Voice, language: Language) -> str:
    """Bills as they were published."""
    texts, parts = AGREEMENT_TEXTS[language], []
    for one in documents:
        rows = "".join(
            f"<tr><td>{escape(_named(line.name, voice.number(line.quantity)))}</td>"
            f'<td class="sum">{escape(voice.money(line.net, currency))}</td></tr>'
            for line in one.lines
        )
        sums = ((texts.sum_net, one.net), (texts.tax.format(rate="").strip(), one.tax))
        feet = "".join(_SUM.format(kind="", name=escape(name), value=escape(voice.money(value, currency))) for name, value in sums)
        total = _SUM.format(kind=' class="total"', name=escape(texts.total), value=escape(voice.money(one.gross, currency)))
        heads = f'<th scope="col">{escape(texts.item)}</th><th scope="col" class="sum">{escape(texts.amount)}</th>'
        caption = escape(title.format(day=voice.date(one.day)))
        parts.append(
            f'<table class="costs"><caption>{caption}</caption><thead><tr>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody><tfoot>{feet}{total}</tfoot></table>"
        )
    return "".join(parts)


def _named(name: str, quantity: str) -> str:
    return name if quantity == "1" else f"{quantity} × {name}"
