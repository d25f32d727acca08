"""The settings of the tenant, by the context that they belong to; each is one of the core's, and acts there."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final, NamedTuple

from pydantic import Field

from contor.api.fynn.account.answers import TenantSettingShown, TenantSettingsShown
from contor.api.fynn.manners import when
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Name255, Text255, replace
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow, not_found
from contor.settings.tenant_settings import (
    ChangeSettings,
    OwnSettings,
    SettingsChange,
    SettingsView,
    change_settings,
    get_settings,
)

Value = bool | int | Text255 | None
SettingsPatch = Annotated[dict[Name255, Value], Field(max_length=50)]
"""By key; null is the default again."""


class _Key(NamedTuple):
    """Which setting of the core a key is."""

    field: str
    words: Mapping[str, bool | str] = MappingProxyType({})
    """Word of the core -> value on the wire, where they differ."""


_APPROVAL: Final = {"NONE": False, "FOUR_EYES": True}
_AWAITED: Final = {"NONE": False, "AWAITED": True}
_MONTHLY: Final = {"NONE": "none", "MONTHLY": "monthly"}
CONTEXTS: Final[Mapping[str, Mapping[str, _Key]]] = {
    "general": {"timeZone": _Key("time_zone")},
    "billing": {
        "billingEnabled": _Key("active_billing_run"),
        "backdatingLimitMonths": _Key("backdating_limit_months"),
        "trialNoticeDays": _Key("trial_notice_days"),
        "exchangeRateRule": _Key("exchange_rate_rule", {"MONTHLY_AVERAGE": "monthly_average", "DAILY": "daily"}),
    },
    "invoice": {
        "documentDateZone": _Key("document_date_zone", {"UTC": "utc", "TENANT": "tenant"}),
        "manualApproval": _Key("draft_approval", _APPROVAL),
        "customPdf": _Key("custom_picture", _AWAITED),
        "customPdfTimeoutMinutes": _Key("custom_picture_minutes"),
        "customPdfFallback": _Key("custom_picture_fallback"),
    },
    "accounting": {
        "chart": _Key("chart", {"SKR03": "skr03", "SKR04": "skr04"}),
        "ledgerCurrency": _Key("ledger_currency"),
        "deferredIncome": _Key("deferred_income", _MONTHLY),
        "revaluation": _Key("revaluation", {"NONE": "none", "YEAR_END": "year_end", "MONTHLY": "monthly"}),
        "expensePosting": _Key("expense_posting", {"NONE": False, "POSTED": True}),
    },
}
"""Context -> key -> setting. What customers may have otherwise is in their own settings."""


@dataclass(frozen=True, slots=True)
class ListContexts:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneContext:
    context: str


@dataclass(frozen=True, slots=True)
class ChangeContext:
    context: str
    body: SettingsPatch


@operation("fynn.settings_list", permission="settings.read", reads=True)
def list_contexts(uow: Uow, command: ListContexts) -> Page:
    """Every context with its settings."""
    view, wanted = get_settings(uow, OwnSettings()), command.query.page
    names = list(CONTEXTS)[wanted.offset : wanted.offset + wanted.size]
    return Page(tuple(_shown(name, view) for name in names), wanted.number, wanted.size, len(CONTEXTS))


@operation("fynn.settings_get", permission="settings.read", reads=True)
def get_context(uow: Uow, command: OneContext) -> TenantSettingsShown:
    """The settings of one context, each with where its value comes from."""
    _known(command.context)
    return _shown(command.context, get_settings(uow, OwnSettings()))


@operation("fynn.settings_update", permission="settings.write")
def change_context(uow: Uow, command: ChangeContext) -> TenantSettingsShown:
    """Decide the settings that are named, from now on; null is the default again. Others stay."""
    known, problems, wanted = _known(command.context), [], {}
    for name, value in command.body.items():
        key = known.get(name)
        if key is None:
            problems.append(Problem("field_unknown", f"is no setting of {command.context}: {', '.join(known)}", name))
        elif value is None or not key.words:
            wanted[key.field] = value
        else:
            # true is no 1
            words = [word for word, said in key.words.items() if type(said) is type(value) and said == value]
            if words:
                wanted[key.field] = words[0]
            else:
                problems.append(Problem("word_unknown", f"is one of {', '.join(map(_word, key.words.values()))}", name))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    try:
        changed = change_settings(uow, ChangeSettings(validated(SettingsChange, wanted)))
    except Refused as refused:
        names = {key.field: name for name, key in known.items()}
        found = [replace(one, field=names.get(one.field or "", one.field)) for one in refused.problems]
        raise Refused(refused.kind, *found) from None
    return _shown(command.context, changed)


def _known(context: str) -> Mapping[str, _Key]:
    if context not in CONTEXTS:
        raise not_found("settings", context, "", f"contexts are {', '.join(CONTEXTS)}")
    return CONTEXTS[context]


def _word(value: bool | str) -> str:
    return str(value).lower()


def _shown(context: str, view: SettingsView) -> TenantSettingsShown:
    made = []
    for name, key in CONTEXTS[context].items():
        value, since = getattr(view, key.field), getattr(view.valid_from, key.field)
        made.append(
            TenantSettingShown(
                key=name,
                value=key.words.get(value, value) if key.words else value,
                origin="default" if since is None else "organisation",
                updated_at=when(since),
            )
        )
    return TenantSettingsShown(context=context, settings=tuple(made))
