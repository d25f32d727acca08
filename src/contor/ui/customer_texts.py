"""The texts of the pages for customers, in German and English. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from contor.ui.texts import Language


class CustomerTexts(NamedTuple):
    documents: str
    none: str
    number: str
    date: str
    amount: str
    state: str
    open: str
    """{amount}: what is still to be paid; {day}: until when."""
    to_your_credit: str
    """{amount}: of a credit."""
    settled: str
    data: str
    company: str
    first_name: str
    last_name: str
    email: str
    phone: str
    vat_id: str
    street: str
    street_no: str
    address_addition: str
    zip: str
    city: str
    save: str
    saved: str
    unfit: str
    """{fields}: what is wrong."""
    link_invalid: str
    not_there: str
    not_now: str


CUSTOMER_TEXTS: Mapping[Language, CustomerTexts] = {
    "de": CustomerTexts(
        documents="Ihre Belege",
        none="Es gibt noch keine Belege.",
        number="Nummer",
        date="Datum",
        amount="Betrag",
        state="Stand",
        open="offen: {amount}, fällig am {day}",
        to_your_credit="Guthaben: {amount}",
        settled="erledigt",
        data="Ihre Daten",
        company="Firma",
        first_name="Vorname",
        last_name="Nachname",
        email="E-Mail",
        phone="Telefon",
        vat_id="USt-IdNr.",
        street="Straße",
        street_no="Hausnummer",
        address_addition="Adresszusatz",
        zip="Postleitzahl",
        city="Ort",
        save="Daten speichern",
        saved="Ihre Daten sind gespeichert. Neue Belege nennen sie so.",
        unfit="Das geht so nicht: {fields}",
        link_invalid="Dieser Link gilt nicht mehr. Bitte lassen Sie sich einen neuen schicken.",
        not_there="Diesen Beleg gibt es hier nicht.",
        not_now="Das geht im Augenblick nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.",
    ),
    "en": CustomerTexts(
        documents="Your documents",
        none="There are no documents yet.",
        number="Number",
        date="Date",
        amount="Amount",
        state="State",
        open="open: {amount}, due on {day}",
        to_your_credit="to your credit: {amount}",
        settled="settled",
        data="Your data",
        company="Company",
        first_name="First name",
        last_name="Last name",
        email="E-mail",
        phone="Phone",
        vat_id="VAT number",
        street="Street",
        street_no="House number",
        address_addition="Address line 2",
        zip="Postcode",
        city="Town",
        save="Save data",
        saved="Your data is saved. New documents will show it.",
        unfit="This does not do: {fields}",
        link_invalid="This link does not work any more. Please ask for a new one.",
        not_there="There is no such document here.",
        not_now="This does not work at the moment. Please try again in a few minutes.",
    ),
}
