"""The texts of the pages on which customers change, end and take up their contracts, in German and English. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from contor.ui.texts import Language


class AgreementTexts(NamedTuple):
    options_title: str
    terminate_title: str
    reactivate_title: str
    options_intro: str
    """{name}: of the contract."""
    terminate_intro: str
    """{name}, and {day}: the last day."""
    reactivate_intro: str
    quantity: str
    """{name}: of the option."""
    no_options: str
    options_button: str
    terminate_button: str
    reactivate_button: str
    options_done: str
    terminate_done: str
    """{day}: the last day."""
    reactivate_done: str
    refused: str
    reasons: Mapping[str, str]
    """Code of a finding -> why, in the words of who reads the page."""
    quantity_unfit: str
    gone: str
    too_large: str
    not_now: str
    day: str
    """As `strftime` takes it."""


AGREEMENT_TEXTS: Mapping[Language, AgreementTexts] = {
    "de": AgreementTexts(
        options_title="Zusatzleistungen",
        terminate_title="Vertrag kündigen",
        reactivate_title="Vertrag fortsetzen",
        options_intro="Ihr Vertrag: {name}. Wählen Sie, wie viel Sie ab heute von jeder Leistung beziehen; 0 bestellt sie ab.",
        terminate_intro="Ihr Vertrag: {name}. Wenn Sie jetzt kündigen, endet er mit dem {day}.",
        reactivate_intro="Ihr Vertrag: {name}. Er läuft weiter, als wäre er nicht gekündigt, oder beginnt heute neu, wenn er schon endete.",
        quantity="{name}: Menge",
        no_options="Zu diesem Vertrag gibt es keine Zusatzleistungen.",
        options_button="Zahlungspflichtig ändern",
        terminate_button="Jetzt kündigen",
        reactivate_button="Zahlungspflichtig fortsetzen",
        options_done="Ihre Änderung gilt ab heute.",
        terminate_done="Ihr Vertrag ist gekündigt. Er endet mit dem {day}.",
        reactivate_done="Ihr Vertrag läuft weiter.",
        refused="Das geht nicht:",
        reasons={
            "contract_not_terminated": "Ihr Vertrag ist nicht gekündigt.",
            "contract_already_terminated": "Ihr Vertrag ist schon gekündigt.",
            "contract_cancelled": "Ihr Vertrag wurde storniert.",
            "contract_ended": "Ihr Vertrag ist schon beendet.",
            "contract_pending": "Ihr Vertrag hat noch nicht begonnen.",
            "quantity_below_minimum": "So wenig gibt es davon nicht.",
            "option_not_removable": "Das gehört zu jedem Vertrag.",
        },
        quantity_unfit="Eine Menge ist eine Zahl von 0 bis 1.000.000.",
        gone="Dieser Link führt zu nichts oder ist abgelaufen. Bitte fordern Sie einen neuen an.",
        too_large="Das Formular ist zu groß.",
        not_now="Das geht im Augenblick nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.",
        day="%d.%m.%Y",
    ),
    "en": AgreementTexts(
        options_title="Add-ons",
        terminate_title="Cancel your contract",
        reactivate_title="Continue your contract",
        options_intro="Your contract: {name}. Choose how much of each you take from today on; 0 gives it up.",
        terminate_intro="Your contract: {name}. If you cancel now, it ends with {day}.",
        reactivate_intro="Your contract: {name}. It goes on as if it had not been cancelled, or begins again today where it has ended.",
        quantity="{name}: quantity",
        no_options="There are no add-ons to this contract.",
        options_button="Change, with obligation to pay",
        terminate_button="Cancel now",
        reactivate_button="Continue, with obligation to pay",
        options_done="Your change holds from today on.",
        terminate_done="Your contract is cancelled. It ends with {day}.",
        reactivate_done="Your contract goes on.",
        refused="This does not work:",
        reasons={
            "contract_not_terminated": "Your contract is not cancelled.",
            "contract_already_terminated": "Your contract is cancelled already.",
            "contract_cancelled": "Your contract was reversed.",
            "contract_ended": "Your contract has ended already.",
            "contract_pending": "Your contract has not begun yet.",
            "quantity_below_minimum": "There is not so little of it.",
            "option_not_removable": "This is part of every contract.",
        },
        quantity_unfit="A quantity is a number from 0 to 1,000,000.",
        gone="This link leads nowhere or has expired. Please ask for a new one.",
        too_large="The form is too large.",
        not_now="This does not work at the moment. Please try again in a few minutes.",
        day="%d %B %Y",
    ),
}
