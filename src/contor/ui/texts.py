"""The texts of the pages, in German and English, and which of the two a browser wants. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

Language = Literal["de", "en"]


class Texts(NamedTuple):
    title: str
    set_title: str
    join_title: str
    password: str
    """{least}: how many characters."""
    first_name: str
    last_name: str
    invited: str
    """{organization}: who invites."""
    set_button: str
    join_button: str
    password_set: str
    joined: str
    sign_in: str
    link_invalid: str
    password_too_short: str
    password_too_long: str
    """{most}: how many characters."""
    name_unfit: str
    not_now: str
    too_much: str
    too_large: str


TEXTS: Mapping[Language, Texts] = {
    "de": Texts(
        title="Contor: Zugang",
        set_title="Passwort festlegen",
        join_title="Einladung annehmen",
        password="Neues Passwort, mindestens {least} Zeichen",
        first_name="Vorname",
        last_name="Nachname",
        invited="{organization} lädt Sie ein. Mit der Annahme werden Sie Mitglied.",
        set_button="Passwort speichern",
        join_button="Einladung annehmen",
        password_set="Ihr Passwort ist gespeichert",
        joined="Sie sind jetzt Mitglied",
        sign_in="Sie können sich damit anmelden. Dieser Link ist verbraucht.",
        link_invalid="Dieser Link wurde schon benutzt oder ist abgelaufen.",
        password_too_short="Ein Passwort hat mindestens {least} Zeichen.",
        password_too_long="Ein Passwort hat höchstens {most} Zeichen.",
        name_unfit="Ein Name hat höchstens 255 Zeichen, die sich drucken lassen.",
        not_now="Das geht im Augenblick nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.",
        too_much="Das war zu viel",
        too_large="Das Formular ist zu groß.",
    ),
    "en": Texts(
        title="Contor: access",
        set_title="Set your password",
        join_title="Accept the invitation",
        password="New password, {least} characters or more",
        first_name="First name",
        last_name="Last name",
        invited="{organization} invites you. By accepting you become a member.",
        set_button="Set password",
        join_button="Accept invitation",
        password_set="Your password is set",
        joined="You are a member now",
        sign_in="You can sign in with it now. This link is used up.",
        link_invalid="This link was used already or has expired.",
        password_too_short="A password has {least} characters or more.",
        password_too_long="A password has {most} characters or fewer.",
        name_unfit="A name has 255 printable characters or fewer.",
        not_now="This does not work at the moment. Please try again in a few minutes.",
        too_much="That was too much",
        too_large="The form is too large.",
    ),
}


def wanted_language(accept_language: str) -> Language:
    """The language of the two that a browser likes best (`Accept-Language`, RFC 9110, 12.5.4); English where it names neither."""
    best: tuple[Decimal, Language] = (Decimal(0), "en")
    for entry in accept_language[:500].split(","):
        tag, _, parameters = entry.strip().partition(";")
        name, weight = tag.partition("-")[0].strip().lower(), _weight(parameters)
        if name == "de" and weight > best[0]:
            best = (weight, "de")
        elif name == "en" and weight > best[0]:
            best = (weight, "en")
    return best[1]


def _weight(parameters: str) -> Decimal:
    name, _, value = parameters.replace(" ", "").partition("=")
    if name != "q":
        return Decimal(1)
    return Decimal(value) if re.fullmatch(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?", value) else Decimal(0)
