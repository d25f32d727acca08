"""What is decided for one customer, context by context; what is not is as the organisation has it, else as it is usual."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from contor.api.fynn.customers.answers import CustomerSettingShown, Origin, SettingsContextShown, SettingsContextsShown
from contor.api.fynn.customers.ids import customer_row
from contor.api.fynn.customers.judged import said, sent
from contor.api.fynn.customers.shown import meta_of
from contor.api.fynn.customers.types import CustomerSettings
from contor.api.fynn.lists import part_of
from contor.customers.customers import CustomerUpdate, UpdateCustomer, update_customer
from contor.documents.judge import usual_term
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.partial import Partial, partial
from contor.kernel.partial import said as told
from contor.kernel.shapes import Fields, Text255, shape
from contor.notifications.mail.configuration import configured
from contor.runtime.uow import Uow, not_found

Context = Literal["invoice", "dunning"]
CONTEXTS: Final[Mapping[Context, tuple[str, ...]]] = {
    "invoice": ("e_invoice_format", "payment_term_days", "auto_send_documents"),
    "dunning": ("disable_payment_reminders", "disable_dunning_fees"),
}
FORMATS: Final = {"zugferd": "EN16931", "xrechnung": "XRECHNUNG", "peppol": "PEPPOL"}
_CAMEL: Final = {
    "e_invoice_format": "eInvoiceFormat",
    "payment_term_days": "paymentTermDays",
    "auto_send_documents": "autoSendDocuments",
    "disable_payment_reminders": "disablePaymentReminders",
    "disable_dunning_fees": "disableDunningFees",
}
SettingsChange: Partial = partial(CustomerSettings, "CustomerSettingsChange")
Value = str | int | bool | None


@shape
class OneContext:
    id: Text255
    context: Text255


@dataclass(frozen=True, slots=True)
class ChangeContext:
    id: str
    context: str
    body: SettingsChange


@shape
class SettingsOf:
    id: Text255
    page: str = ""
    limit: str = ""


@operation("fynn.customer_settings", permission="customers.read", reads=True)
def get_settings(uow: Uow, command: SettingsOf) -> SettingsContextsShown:
    """Every context."""
    row = customer_row(uow, command.id)
    names, page = part_of(list(CONTEXTS), command.page, command.limit)
    return SettingsContextsShown(data=tuple(_context(uow, row, name) for name in names), meta=meta_of(page))


@operation("fynn.customer_settings_context", permission="customers.read", reads=True)
def get_context(uow: Uow, command: OneContext) -> SettingsContextShown:
    """One context."""
    return _context(uow, customer_row(uow, command.id), _known(command.context))


@operation("fynn.customer_settings_change", permission="customers.write")
def change_context(uow: Uow, command: ChangeContext) -> SettingsContextShown:
    """The given keys of one context change; null: as the organisation has it."""
    row, context, wanted = customer_row(uow, command.id), _known(command.context), told(command.body)
    strange = [name for name in wanted if name not in CONTEXTS[context]]
    if strange:
        message = f"is no setting of the context {context}"
        raise Refused(Kind.INVALID, *[Problem("setting_unknown", message, _CAMEL[name]) for name in strange])
    before = {name: row[name] for name in CustomerUpdate.model_fields if name in row}
    with said():
        written = sent(CustomerUpdate, {**before, **_written(row, wanted)})
        update_customer(uow, UpdateCustomer(row["customer_ident"], written))
    return _context(uow, customer_row(uow, command.id), context)


def _known(context: str) -> Context:
    for name in CONTEXTS:
        if name == context:
            return name
    raise not_found("settings", context)


def _written(row: Fields, wanted: Mapping[str, object]) -> Fields:
    """The core's fields of what is wanted."""
    made: Fields = {}
    for name, value in wanted.items():
        if name == "e_invoice_format":
            made["e_invoice_format"] = FORMATS[str(value)] if value is not None else None
        elif name == "payment_term_days":
            made["payment_terms"] = {**(row["payment_terms"] or {}), "days": value}
        elif name == "auto_send_documents":
            made["invoice_delivery"] = None if value is None else "MAIL" if value else "NONE"
        else:
            part = "reminders" if name == "disable_payment_reminders" else "fees"
            known = made.get("dunning") or row["dunning"] or {"reminders": True, "fees": True}
            made["dunning"] = {**known, part: not value}
    return made


def _context(uow: Uow, row: Fields, name: Context) -> SettingsContextShown:
    own, usual = _own(row), _usual(uow) if name == "invoice" else {}
    settings = []
    for key in CONTEXTS[name]:
        value, origin = own[key], "customer"
        if value is None:
            value, origin = usual.get(key, (False, "default"))
        settings.append(CustomerSettingShown(key=_CAMEL[key], value=value, origin=_origin(origin)))
    return SettingsContextShown(context=name, settings=tuple(settings))


def _own(row: Fields) -> Mapping[str, Value]:
    """What is said of the customer himself; None: nothing."""
    dunning, formats = row["dunning"], {code: word for word, code in FORMATS.items()}
    return {
        "e_invoice_format": formats.get(row["e_invoice_format"] or ""),
        "payment_term_days": (row["payment_terms"] or {}).get("days"),
        "auto_send_documents": None if row["invoice_delivery"] is None else row["invoice_delivery"] in ("MAIL", "BOTH"),
        "disable_payment_reminders": True if dunning and not dunning["reminders"] else None,
        "disable_dunning_fees": True if dunning and not dunning["fees"] else None,
    }


def _usual(uow: Uow) -> Mapping[str, tuple[Value, str]]:
    """What holds of who nothing is said of, and who says so."""
    mail = configured(uow)
    sends = mail is not None and "DOCUMENT" in mail.kinds
    return {
        "e_invoice_format": ("zugferd", "default"),
        "payment_term_days": (usual_term(None).period_in_days, "default"),
        "auto_send_documents": (sends, "organisation" if mail is not None else "default"),
    }


def _origin(word: str) -> Origin:
    return "organisation" if word == "organisation" else "customer" if word == "customer" else "default"
