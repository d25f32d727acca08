"""Transactions for SEPA files."""

import datetime as dt
from decimal import Decimal
from typing import Any

from contor.payments.sepa import Debit, OurAccount, Run, SepaSettings, Transfer

TODAY = dt.date(2026, 12, 1)
NOW = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
"""10:00 in Berlin: before the cut-off."""
RUN = Run("R1", NOW, TODAY)
CREDITOR = "DE98ZZZ09999999999"


def our_account(**settings: Any) -> OurAccount:
    said = {"holder_name": "Elbe GmbH", "creditor_identifier": CREDITOR, **settings}
    return OurAccount("DE75512108001245126199", SepaSettings(**said), "SOGEDEFFXXX")


def a_debit(number: int = 1, **changes: Any) -> Debit:
    said: dict[str, Any] = {
        "reference": f"E-{number}",
        "amount": Decimal("119.00"),
        "name": "Kunde AG",
        "iban": "DE02120300000000202051",
        "bic": "BYLADEM1001",
        "text": "Rechnung 2026-1",
        "on": dt.date(2026, 12, 3),
        "mandate_reference": f"M-{number}",
        "signed_on": dt.date(2025, 5, 1),
        "creditor_identifier": CREDITOR,
    }
    return Debit(**{**said, **changes})


def a_transfer(number: int = 1, **changes: Any) -> Transfer:
    said: dict[str, Any] = {
        "reference": f"E-{number}",
        "amount": Decimal("50.00"),
        "name": "Kunde AG",
        "iban": "DE02120300000000202051",
        "text": "Erstattung 2026-1",
        "on": dt.date(2026, 12, 1),
    }
    return Transfer(**{**said, **changes})
