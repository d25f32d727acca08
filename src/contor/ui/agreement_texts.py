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
    unchanged: str
    each: str
    """{price}, of one; {interval}."""
    by_quantity: str
    net: str
    """Behind a price without tax."""
    inclusive: str
    """Behind a price with tax."""
    intervals: Mapping[str, tuple[str, str]]
    """Unit of an interval -> of one, and of {value} of them."""
    review_button: str
    review_intro: str
    back: str
    from_to: str
    """{name}, {old}, {new}."""
    charged_now: str
    credited_now: str
    nothing_now: str
    next_bill: str
    """{day}: of the next bill, where it is none of a whole interval."""
    recurring: str
    """{interval}, {day}: from when on."""
    ends: str
    item: str
    amount: str
    sum_net: str
    tax: str
    """{rate}."""
    total: str
    stale: str
    no_price: str
    options_button: str
    terminate_button: str
    reactivate_button: str
    options_done: str
    terminate_done: str
    """{day}: the last day."""
    reactivate_done: str
    refused: str
    reasons: Mapping[str, str]
    """Code of a finding -> why, in the words of who reads the page. {name}: of the option."""
    quantity_unfit: str
    gone: str
    too_large: str
    not_now: str


AGREEMENT_TEXTS: Mapping[Language, AgreementTexts] = {
    "de": AgreementTexts(
        options_title="Zusatzleistungen",
        terminate_title="Vertrag kündigen",
        reactivate_title="Vertrag fortsetzen",
        options_intro="Ihr Vertrag: {name}. Wählen Sie, wie viel Sie ab heute von jeder Leistung beziehen; 0 bestellt sie ab."
        " Im nächsten Schritt sehen Sie alle Preise, bevor Sie etwas bestellen.",
        terminate_intro="Ihr Vertrag: {name}. Wenn Sie jetzt kündigen, endet er mit dem {day}.",
        reactivate_intro="Ihr Vertrag: {name}. Er läuft weiter, als wäre er nicht gekündigt, oder beginnt heute neu, wenn er schon endete.",
        quantity="{name}: Menge",
        no_options="Zu diesem Vertrag gibt es keine Zusatzleistungen.",
        unchanged="Sie haben nichts geändert.",
        each="{price} {tax} {interval} und Stück",
        by_quantity="Der Preis richtet sich nach der Menge; Sie sehen ihn im nächsten Schritt.",
        net="zzgl. USt.",
        inclusive="inkl. USt.",
        intervals={
            "DAY": ("pro Tag", "alle {value} Tage"),
            "WEEK": ("pro Woche", "alle {value} Wochen"),
            "MONTH": ("pro Monat", "alle {value} Monate"),
            "QUARTER": ("pro Quartal", "alle {value} Quartale"),
            "HALF_YEAR": ("pro Halbjahr", "alle {value} Halbjahre"),
            "YEAR": ("pro Jahr", "alle {value} Jahre"),
        },
        review_button="Weiter zur Preisübersicht",
        review_intro="Bitte prüfen Sie Ihre Änderung. Sie gilt ab heute, sobald Sie unten bestätigen.",
        back="Mengen ändern",
        from_to="{name}: bisher {old}, künftig {new}",
        charged_now="Sofort berechnet",
        credited_now="Sofort gutgeschrieben",
        nothing_now="Sofort wird nichts berechnet.",
        next_bill="Nächste Abrechnung am {day}",
        recurring="Danach {interval} (erstmals am {day})",
        ends="Danach wird nichts mehr berechnet.",
        item="Leistung",
        amount="Betrag",
        sum_net="Summe ohne USt.",
        tax="USt. {rate}",
        total="Gesamtpreis inkl. USt.",
        stale="Seit Sie die Preise gesehen haben, hat sich etwas geändert. Bitte prüfen Sie die Übersicht noch einmal.",
        no_price="Der Preis lässt sich im Augenblick nicht berechnen. Bitte wenden Sie sich an Ihren Anbieter.",
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
            "quantity_not_whole": "{name} gibt es nur in ganzen Stücken.",
            "option_unknown": "Diese Leistung gehört nicht zu Ihrem Vertrag.",
            "option_not_removable": "Das gehört zu jedem Vertrag.",
        },
        quantity_unfit="Eine Menge ist eine Zahl von 0 bis 1.000.000.",
        gone="Dieser Link führt zu nichts oder ist abgelaufen. Bitte fordern Sie einen neuen an.",
        too_large="Das Formular ist zu groß.",
        not_now="Das geht im Augenblick nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.",
    ),
    "en": AgreementTexts(
        options_title="Add-ons",
        terminate_title="Cancel your contract",
        reactivate_title="Continue your contract",
        options_intro="Your contract: {name}. Choose how much of each you take from today on; 0 gives it up."
        " The next step shows all prices before you order anything.",
        terminate_intro="Your contract: {name}. If you cancel now, it ends with {day}.",
        reactivate_intro="Your contract: {name}. It goes on as if it had not been cancelled, or begins again today where it has ended.",
        quantity="{name}: quantity",
        no_options="There are no add-ons to this contract.",
        unchanged="You have not changed anything.",
        each="{price} {tax} {interval} each",
        by_quantity="The price depends on the quantity; you will see it in the next step.",
        net="plus VAT",
        inclusive="incl. VAT",
        intervals={
            "DAY": ("per day", "every {value} days"),
            "WEEK": ("per week", "every {value} weeks"),
            "MONTH": ("per month", "every {value} months"),
            "QUARTER": ("per quarter", "every {value} quarters"),
            "HALF_YEAR": ("per half-year", "every {value} half-years"),
            "YEAR": ("per year", "every {value} years"),
        },
        review_button="Go on to the prices",
        review_intro="Please check your change. It holds from today on, once you confirm it below.",
        back="Change the quantities",
        from_to="{name}: {old} so far, {new} from now on",
        charged_now="Charged now",
        credited_now="Credited now",
        nothing_now="Nothing is charged now.",
        next_bill="Next bill on {day}",
        recurring="Then {interval} (for the first time on {day})",
        ends="Nothing is charged after that.",
        item="Item",
        amount="Amount",
        sum_net="Sum without VAT",
        tax="VAT {rate}",
        total="Total price incl. VAT",
        stale="Something has changed since you saw the prices. Please check the overview once more.",
        no_price="The price cannot be worked out at the moment. Please turn to your supplier.",
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
            "quantity_not_whole": "{name} is taken in whole pieces only.",
            "option_unknown": "This is no part of your contract.",
            "option_not_removable": "This is part of every contract.",
        },
        quantity_unfit="A quantity is a number from 0 to 1,000,000.",
        gone="This link leads nowhere or has expired. Please ask for a new one.",
        too_large="The form is too large.",
        not_now="This does not work at the moment. Please try again in a few minutes.",
    ),
}
