"""The texts of the page of a cart, in German and English. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from contor.ui.texts import Language


class CheckoutTexts(NamedTuple):
    title: str
    review_title: str
    code_title: str
    done_title: str
    cart: str
    quantity: str
    change: str
    signed_in: str
    """{email}."""
    known: str
    known_button: str
    code_asked: str
    """{email}."""
    code_intro: str
    """{email}."""
    code: str
    code_button: str
    code_again: str
    details: str
    own_address: str
    fields: Mapping[str, str]
    country: str
    address: str
    vat_valid: str
    """{vat}."""
    vat_invalid: str
    vat_unknown: str
    payment: str
    methods: Mapping[str, str]
    iban: str
    holder: str
    mandate: str
    """{company}, {creditor}."""
    coupon: str
    lost_coupon: str
    """{code}."""
    sold_out: str
    review_button: str
    review_intro: str
    summary: str
    term: str
    """{term}."""
    no_term: str
    notice: str
    """{notice}."""
    trial: str
    """{days}."""
    durations: Mapping[str, tuple[str, str]]
    """Unit -> one, {value} of them."""
    withdrawal_title: str
    withdrawal: str
    """{company}, {address}."""
    agree: str
    order_button: str
    back: str
    edit: str
    stale: str
    done: str
    paying: str
    onwards: str
    ordered: str
    refused: str
    expired: str
    gone: str
    too_large: str
    not_now: str
    nothing_now: str
    unclear: str
    """Of what is wrong in words of no page's; empty: the finding's own."""
    reasons: Mapping[str, str]


_DE_DURATIONS: Mapping[str, tuple[str, str]] = {
    "DAY": ("einen Tag", "{value} Tage"),
    "WEEK": ("eine Woche", "{value} Wochen"),
    "MONTH": ("einen Monat", "{value} Monate"),
    "QUARTER": ("ein Quartal", "{value} Quartale"),
    "HALF_YEAR": ("ein halbes Jahr", "{value} halbe Jahre"),
    "YEAR": ("ein Jahr", "{value} Jahre"),
}
_EN_DURATIONS: Mapping[str, tuple[str, str]] = {
    "DAY": ("one day", "{value} days"),
    "WEEK": ("one week", "{value} weeks"),
    "MONTH": ("one month", "{value} months"),
    "QUARTER": ("one quarter", "{value} quarters"),
    "HALF_YEAR": ("half a year", "{value} half-years"),
    "YEAR": ("one year", "{value} years"),
}
DURATIONS: Mapping[Language, Mapping[str, tuple[str, str]]] = {"de": _DE_DURATIONS, "en": _EN_DURATIONS}

CHECKOUT_TEXTS: Mapping[Language, CheckoutTexts] = {
    "de": CheckoutTexts(
        title="Bestellung",
        review_title="Bestellung prüfen",
        code_title="Einmalpasswort",
        done_title="Vielen Dank",
        cart="Ihr Warenkorb",
        quantity="{name}: Menge",
        change="Menge ändern",
        signed_in="Sie bestellen als {email}.",
        known="Sie sind schon Kunde?",
        known_button="Einmalpasswort schicken",
        code_asked="Gehört {email} zu einem Kundenkonto, so haben wir dorthin ein Einmalpasswort geschickt; es gilt zehn Minuten.",
        code_intro="Zu {email} gibt es schon ein Kundenkonto. Wir haben dorthin ein Einmalpasswort geschickt; es gilt zehn Minuten.",
        code="Einmalpasswort",
        code_button="Weiter",
        code_again="Neues Einmalpasswort anfordern",
        details="Ihre Angaben",
        own_address="Rechnungsanschrift: wie in Ihrem Kundenkonto",
        fields={
            "email": "E-Mail",
            "company": "Firma",
            "first_name": "Vorname",
            "last_name": "Nachname",
            "street": "Straße",
            "street_no": "Hausnummer",
            "zip": "Postleitzahl",
            "city": "Ort",
            "vat_id": "USt-IdNr.",
        },
        country="Land (zwei Buchstaben, z. B. DE)",
        address="Rechnungsanschrift",
        vat_valid="Die USt-IdNr. {vat} ist bestätigt.",
        vat_invalid="Die USt-IdNr. {vat} ist nicht gültig.",
        vat_unknown="Die USt-IdNr. {vat} lässt sich gerade nicht bestätigen; wir prüfen sie nach der Bestellung.",
        payment="Zahlungsweise",
        methods={"INVOICE": "Rechnung (Überweisung)", "SEPA": "SEPA-Lastschrift"},
        iban="IBAN",
        holder="Kontoinhaber",
        mandate="SEPA-Lastschriftmandat: Ich ermächtige {company} (Gläubiger-Identifikationsnummer {creditor}), Zahlungen von meinem"
        " Konto mittels Lastschrift einzuziehen, und weise mein Kreditinstitut an, die Lastschriften einzulösen. Ich kann innerhalb von"
        " acht Wochen, beginnend mit dem Belastungsdatum, die Erstattung des belasteten Betrags verlangen. Die Mandatsreferenz steht auf"
        " der Rechnung.",
        coupon="Gutscheincode",
        lost_coupon="Der Gutschein {code} gilt nicht mehr. Die Preise sind die ohne ihn.",
        sold_out="Was dieser Link verkauft, gibt es nicht mehr. Bitte fragen Sie den Anbieter.",
        review_button="Weiter zur Preisübersicht",
        review_intro="Bitte prüfen Sie Ihre Bestellung. Sie bestellen erst mit der Schaltfläche unten.",
        summary="Wesentliche Angaben",
        term="Mindestlaufzeit: {term}; danach verlängert sich der Vertrag, wenn er nicht gekündigt wird.",
        no_term="Ohne Mindestlaufzeit.",
        notice="Kündigungsfrist: {notice}.",
        trial="Die ersten {days} Tage sind kostenlos.",
        durations=_DE_DURATIONS,
        withdrawal_title="Widerrufsbelehrung",
        withdrawal="Als Verbraucher haben Sie das Recht, binnen vierzehn Tagen ohne Angabe von Gründen diesen Vertrag zu widerrufen. Die"
        " Frist beträgt vierzehn Tage ab dem Tag des Vertragsabschlusses. Um es auszuüben, müssen Sie uns ({company}, {address}) mittels"
        " einer eindeutigen Erklärung (z. B. ein Brief oder eine E-Mail) über Ihren Entschluss informieren. Zur Wahrung der Frist reicht"
        " es aus, dass Sie die Mitteilung vor ihrem Ablauf absenden. Wenn Sie widerrufen, zahlen wir alle Zahlungen, die wir von Ihnen"
        " erhalten haben, spätestens binnen vierzehn Tagen zurück, mit demselben Zahlungsmittel und ohne Entgelt. Haben Sie verlangt,"
        " dass die Dienstleistung während der Widerrufsfrist beginnt, zahlen Sie den Anteil, der bis zum Widerruf erbracht ist.",
        agree="Ich habe die Widerrufsbelehrung gelesen und verlange, dass die Leistung vor Ablauf der Widerrufsfrist beginnt.",
        order_button="zahlungspflichtig bestellen",
        back="Zurück zum Anbieter",
        edit="Angaben ändern",
        stale="Seit Sie die Preise gesehen haben, hat sich etwas geändert. Bitte prüfen Sie die Übersicht noch einmal.",
        done="Ihre Bestellung ist eingegangen. Die Rechnung kommt per E-Mail.",
        paying="Der Betrag wird eingezogen, wie Sie es vereinbart haben.",
        onwards="Weiter",
        ordered="Diese Bestellung ist schon eingegangen.",
        refused="Das geht nicht:",
        expired="Die Preise dieses Warenkorbs galten einen Tag lang. Bitte beginnen Sie neu.",
        gone="Dieser Link führt zu nichts oder ist abgelaufen.",
        too_large="Das Formular ist zu groß.",
        not_now="Das geht im Augenblick nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.",
        nothing_now="Sofort wird nichts berechnet.",
        unclear="Bitte prüfen Sie diese Angabe.",
        reasons={
            "one_time_password_wrong": "Dieses Einmalpasswort ist nicht richtig oder nicht mehr gültig.",
            "one_time_passwords_too_many": "Es wurden zu viele Einmalpasswörter angefordert. Bitte warten Sie eine Stunde.",
            "email_of_another": "Sie bestellen mit der E-Mail, mit der Sie sich ausgewiesen haben.",
            "email_of_customer": "Zu dieser E-Mail gibt es schon ein Kundenkonto. Bitte fragen Sie den Anbieter.",
            "email_missing": "Bitte geben Sie Ihre E-Mail an.",
            "address_missing": "Bitte geben Sie Ihre Rechnungsanschrift an.",
            "zip_missing": "Bitte geben Sie Ihre Postleitzahl an.",
            "city_missing": "Bitte geben Sie Ihren Ort an.",
            "name_missing": "Bitte geben Sie Firma oder Nachname an.",
            "company_missing": "Bitte geben Sie Ihre Firma an: hier bestellen nur Unternehmen.",
            "coupon_unknown": "Diesen Gutschein gibt es nicht.",
            "coupon_not_allowed": "Hier werden keine Gutscheine eingelöst.",
            "offered_terms_changed": "Das Angebot hat sich geändert. Bitte beginnen Sie neu.",
            "offered_not_sold": "Etwas im Warenkorb wird nicht mehr verkauft. Bitte fragen Sie den Anbieter.",
            "agreement_missing": "Bitte bestätigen Sie die Widerrufsbelehrung.",
            "mandate_missing": "Bitte geben Sie die IBAN an und stimmen Sie dem Lastschriftmandat zu.",
        },
    ),
    "en": CheckoutTexts(
        title="Your order",
        review_title="Review your order",
        code_title="One-time password",
        done_title="Thank you",
        cart="Your cart",
        quantity="{name}: quantity",
        change="Change quantity",
        signed_in="You order as {email}.",
        known="A customer already?",
        known_button="Send a one-time password",
        code_asked="If {email} is that of a customer account, we have sent a one-time password there; it is good for ten minutes.",
        code_intro="There is a customer account for {email}. We have sent a one-time password there; it is good for ten minutes.",
        code="One-time password",
        code_button="Continue",
        code_again="Send a new one-time password",
        details="Your details",
        own_address="Billing address: as in your customer account",
        fields={
            "email": "E-mail",
            "company": "Company",
            "first_name": "First name",
            "last_name": "Last name",
            "street": "Street",
            "street_no": "House number",
            "zip": "Postal code",
            "city": "City",
            "vat_id": "VAT id",
        },
        country="Country (two letters, e.g. DE)",
        address="Billing address",
        vat_valid="The VAT id {vat} is confirmed.",
        vat_invalid="The VAT id {vat} is not valid.",
        vat_unknown="The VAT id {vat} cannot be confirmed just now; we check it after the order.",
        payment="Payment",
        methods={"INVOICE": "Invoice (bank transfer)", "SEPA": "SEPA direct debit"},
        iban="IBAN",
        holder="Account holder",
        mandate="SEPA direct debit mandate: I authorise {company} (creditor identifier {creditor}) to collect payments from my account by"
        " direct debit, and instruct my bank to honour them. Within eight weeks from the date of the debit I can demand a refund of the"
        " amount. The mandate reference is on the invoice.",
        coupon="Coupon code",
        lost_coupon="The coupon {code} is not valid any more. The prices are those without it.",
        sold_out="What this link sells is not sold any more. Please ask the provider.",
        review_button="Continue to the prices",
        review_intro="Please check your order. You order only with the button below.",
        summary="Main characteristics",
        term="Minimum term: {term}; it is renewed unless notice is given.",
        no_term="Without a minimum term.",
        notice="Notice period: {notice}.",
        trial="The first {days} days are free.",
        durations=_EN_DURATIONS,
        withdrawal_title="Right of withdrawal",
        withdrawal="As a consumer you may withdraw from this contract within fourteen days without giving any reason. The period is"
        " fourteen days from the day on which the contract is concluded. To exercise it you inform us ({company}, {address}) by an"
        " unequivocal statement (e.g. a letter or e-mail). It is enough that you send it before the period has expired. If you"
        " withdraw, we repay all payments received from you within fourteen days, by the same means of payment and without a fee. If you"
        " asked for the service to begin within the period, you pay the part that was supplied until then.",
        agree="I have read about the right of withdrawal, and ask for the service to begin before its period has expired.",
        order_button="Order with obligation to pay",
        back="Back to the provider",
        edit="Change what I said",
        stale="Something changed since you have seen the prices. Please check them again.",
        done="Your order has arrived. The invoice comes by e-mail.",
        paying="The amount is collected as you agreed.",
        onwards="Continue",
        ordered="This order has arrived already.",
        refused="That does not work:",
        expired="The prices of this cart held for a day. Please begin anew.",
        gone="This link leads nowhere, or it has expired.",
        too_large="The form is too large.",
        not_now="This does not work at the moment. Please try again in a few minutes.",
        nothing_now="Nothing is charged at once.",
        unclear="",
        reasons={
            "one_time_password_wrong": "This one-time password is wrong, or good no more.",
            "one_time_passwords_too_many": "Too many one-time passwords were asked for. Please wait for an hour.",
            "email_of_another": "You order with the e-mail by which you have shown who you are.",
            "email_of_customer": "There is a customer account for this e-mail already. Please ask the provider.",
            "email_missing": "Please say your e-mail.",
            "address_missing": "Please say your billing address.",
            "zip_missing": "Please say your postal code.",
            "city_missing": "Please say your city.",
            "name_missing": "Please say a company or a last name.",
            "company_missing": "Please say your company: only businesses order here.",
            "coupon_unknown": "There is no such coupon.",
            "coupon_not_allowed": "Coupons are not redeemed here.",
            "offered_terms_changed": "What is offered has changed. Please begin anew.",
            "offered_not_sold": "Something in the cart is not sold any more. Please ask the provider.",
            "agreement_missing": "Please confirm that you have read about the right of withdrawal.",
            "mandate_missing": "Please say the IBAN and agree to the mandate.",
        },
    ),
}
