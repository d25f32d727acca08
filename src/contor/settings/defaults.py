"""What a new tenant finds: settings, number series of every document type, files switched on."""

from contor.kernel.events import on
from contor.organizations.events import EnvironmentEnabled
from contor.runtime.uow import Uow
from contor.settings import tables
from contor.settings.events import ChartChosen

SERIES = {
    "INVOICE": ("RE", "RG"),
    "CREDIT_MEMO": ("RK", "RC"),
    "DEPOSIT_INVOICE": ("AR", "AG"),
    "DEPOSIT_INVOICE_CORRECTION": ("AK", "AC"),
    "SELF_BILLING_INVOICE": ("GS", "GU"),
    "SELF_BILLING_INVOICE_CORRECTION": ("GK", "GC"),
}
"""Document type -> first letters of its numbers in TEST and in LIVE: a sample's number must not look like a real one."""


@on(EnvironmentEnabled)
def furnish(uow: Uow, fact: EnvironmentEnabled) -> None:
    """One series per document type: `RE-<year>-<six digits>`, starting again each year of the document date."""
    tenant = uow.runtime.enter_tenant(uow, fact.tenant_id)
    now = {"created_at": uow.ctx.now(), "last_modified_at": uow.ctx.now()}
    tenant.insert(tables.tenant_setting, [{"ledger_currency": "EUR", "chart": "SKR03", "number_strategy": "SERVICE_COUNTRY"}])
    switches = {"pdf": True, "cii": True, "ubl": True, "attach_order_files": False, "attach_contract_files": False}
    tenant.insert(tables.document_output_configuration, [{**switches, "last_modified_at": uow.ctx.now()}])
    letters = {kind: pair[fact.environment == "LIVE"] for kind, pair in SERIES.items()}
    tenant.insert(
        tables.number_counter,
        [
            {
                "ident": name,
                "mask": "000000",
                "prefix": f"{name}-##YEAR##-",
                "suffix": "",
                "lower_limit": 1,
                "reset": "NEW_YEAR",
                **now,
            }
            for name in letters.values()
        ],
    )
    strategies = [{"kind": "DOCUMENT_TYPE", "ident": k, "counter_ident": c, "key": k, **now} for k, c in letters.items()]
    default = {"kind": "DEFAULT", "ident": "default", "counter_ident": letters["INVOICE"], "key": None, **now}
    tenant.insert(tables.number_strategy, [*strategies, default])
    tenant.emit(ChartChosen(chart="SKR03", ledger_currency="EUR"))
