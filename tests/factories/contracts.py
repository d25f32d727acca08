"""Contracts as a client of the platform API writes them."""

from typing import Any

from tests.factories.catalogue import MONTH

CONTRACTS = "/v2/contracts"
YEAR = {"value": 1, "unit": "YEAR"}
TERM = {"termDuration": YEAR, "termSync": False, "noticePeriod": MONTH, "transition": {"type": "AUTO_RENEWAL"}}


def a_contract(ident: str = "v-1", **more: Any) -> dict[str, Any]:
    return {
        "contractIdent": ident,
        "planIdent": "basic",
        "debtorIdent": "muster-handel",
        "invoiceAddressIdent": "zentrale",
        "optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "base", "quantity": 2}]}],
        "startDate": "2026-05-01",
        **more,
    }
