"""The documents of the benchmarks: ten rows, each of its own cost centre, so that an invoice has twelve journal lines."""

from typing import Any

ROWS = 10


def a_body(number: int, customer: int, rows: int = ROWS) -> dict[str, Any]:
    """The JSON of one invoice as a client posts it."""
    return {
        "requestId": f"bench-{number}",
        "billingGroupIdent": "external",
        "currency": "EUR",
        "language": "de",
        "customerDetail": {"customerIdent": f"c-{customer}", "invoiceAddressIdent": f"a-{customer}"},
        "items": [_item(position) for position in range(rows)],
        "paymentCollection": {"collect": False},
        "paymentTerm": {"periodInDays": 14},
    }


def _item(position: int) -> dict[str, Any]:
    cents = (1234 + 100 * position) * (position + 1)
    return {
        "ident": f"i-{position}",
        "category": "SERVICE",
        "name": f"Service {position}, period 2026-10",
        "articleNumber": f"S-{position}",
        "quantity": position + 1,
        "quantityType": "PC",
        "prices": {
            "unit": {"net": f"{12 + position}.3400"},
            "originalTotal": {"net": f"{cents // 100}.{cents % 100:02d}"},
            "total": {"net": f"{cents // 100}.{cents % 100:02d}"},
        },
        "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
        "performanceLocation": {"country": "DE"},
        "servicePeriod": {"start": "2026-10-01", "end": "2026-10-31"},
        "properties": [{"key": "costCentre", "value": f"{4700 + position}"}],
    }
