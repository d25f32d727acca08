"""The texts of the page of an offer, in German and English. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from contor.ui.texts import Language


class OfferTexts(NamedTuple):
    title: str
    """{number}."""
    of: str
    """{company}, {customer}."""
    until: str
    """{day}."""
    costs: str
    now: str
    following: str
    """{day}."""
    no_term: str
    term: str
    notice: str
    sign_intro: str
    name: str
    signature: str
    sign_button: str
    orders_button: str
    reject_button: str
    reason: str
    reject_title: str
    signed: str
    """{name}, {day}."""
    rejected: str
    reads: str
    provisional: str
    """Of prices, as long as nobody knows where the bill goes."""
    was_provisional: str
    """Of the same prices afterwards."""
    details_intro: str
    expired: str
    whom: str
    """{who}."""
    writing: str
    stale: str
    gone: str
    not_now: str
    refused: str
    reasons: Mapping[str, str]


OFFER_TEXTS: Mapping[Language, OfferTexts] = {
    "de": OfferTexts(
        title="Angebot {number}",
        of="{company} für {customer}",
        until="Gültig bis {day}.",
        costs="Preise",
        now="Sofort berechnet",
        following="Danach (erstmals am {day})",
        no_term="Ohne Mindestlaufzeit.",
        term="Mindestlaufzeit: {term}; danach verlängert sich der Vertrag, wenn er nicht gekündigt wird.",
        notice="Kündigungsfrist: {notice}.",
        sign_intro="Mit Ihrem Namen nehmen Sie das Angebot an, wie es hier steht.",
        name="Vor- und Nachname",
        signature="Unterschrift",
        sign_button="zahlungspflichtig annehmen",
        orders_button="zahlungspflichtig unterschreiben",
        reject_button="Ablehnen",
        reason="Grund (freiwillig)",
        reject_title="Angebot ablehnen",
        signed="Angenommen von {name} am {day}.",
        rejected="Das Angebot wurde abgelehnt.",
        reads="Sie können dieses Angebot lesen. Annehmen kann es, wer dazu eingeladen wurde.",
        provisional="Die Steuer in diesen Preisen ist vorläufig: es ist die am Sitz des Anbieters. Nach der Annahme geben Sie an, wohin die"
        " Rechnung geht, und sehen die Preise mit der Steuer, die dort gilt, bevor Sie bestellen.",
        was_provisional="Die Steuer in diesen Preisen ist die am Sitz des Anbieters. Auf der Rechnung steht die Steuer, die an ihrer"
        " Anschrift gilt.",
        details_intro="Bitte geben Sie noch an, wohin die Rechnung geht. Im nächsten Schritt sehen Sie die Preise mit der Steuer, die dort"
        " gilt, und bestellen.",
        expired="Dieses Angebot oder der Link dazu gilt nicht mehr. Bitte fragen Sie nach einem neuen.",
        whom="Das Angebot kam von: {who}.",
        writing="Dieses Angebot wird gerade überarbeitet. Bitte schauen Sie später wieder herein.",
        stale="Das Angebot wurde geändert, seit Sie es gesehen haben. Bitte lesen Sie es noch einmal.",
        gone="Dieser Link führt zu nichts oder ist abgelaufen.",
        not_now="Das geht im Augenblick nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.",
        refused="Das geht nicht:",
        reasons={
            "signature_missing": "Bitte unterschreiben Sie im Feld.",
            "offer_status": "Das Angebot ist schon entschieden.",
            "missing": "Bitte geben Sie Ihren Namen an.",
            "offered_not_sold": "Was hier angeboten wurde, wird nicht mehr verkauft. Bitte fragen Sie nach einem neuen Angebot.",
            "offered_terms_changed": "Das Angebot lässt sich so nicht mehr annehmen. Bitte fragen Sie nach einem neuen.",
        },
    ),
    "en": OfferTexts(
        title="Offer {number}",
        of="{company} for {customer}",
        until="Valid until {day}.",
        costs="Prices",
        now="Charged at once",
        following="Then (for the first time on {day})",
        no_term="Without a minimum term.",
        term="Minimum term: {term}; it is renewed unless notice is given.",
        notice="Notice period: {notice}.",
        sign_intro="With your name you accept the offer as it stands here.",
        name="First and last name",
        signature="Signature",
        sign_button="Accept with obligation to pay",
        orders_button="Sign with obligation to pay",
        reject_button="Decline",
        reason="Reason (optional)",
        reject_title="Decline the offer",
        signed="Accepted by {name} on {day}.",
        rejected="The offer was declined.",
        reads="You can read this offer. It is accepted by whoever was invited to sign it.",
        provisional="The tax in these prices is provisional: it is that of the provider's own country. Once you have accepted you say where"
        " the bill goes, and see the prices with the tax that holds there before you order.",
        was_provisional="The tax in these prices is that of the provider's own country. On the bill is the tax that holds at its address.",
        details_intro="Please say where the bill goes. In the next step you see the prices with the tax that holds there, and order.",
        expired="This offer, or the link to it, holds no more. Please ask for a new one.",
        whom="The offer came from: {who}.",
        writing="This offer is being changed just now. Please look again later.",
        stale="The offer was changed since you have seen it. Please read it again.",
        gone="This link leads nowhere, or it has expired.",
        not_now="This does not work at the moment. Please try again in a few minutes.",
        refused="That does not work:",
        reasons={
            "signature_missing": "Please sign in the field.",
            "offer_status": "The offer is decided already.",
            "missing": "Please say your name.",
            "offered_not_sold": "What was offered here is not sold any more. Please ask for a new offer.",
            "offered_terms_changed": "The offer cannot be accepted like this any more. Please ask for a new one.",
        },
    ),
}
