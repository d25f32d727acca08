"""Which format a file has, told by its first line, and its reports. Pure."""

from contor.payments.settlements.reading.adyen import is_adyen, read_adyen
from contor.payments.settlements.reading.lines import NotRead, head_of, text_of, unreadable
from contor.payments.settlements.reading.mapped import delimiter_of, is_mapped, lacking, read_mapped
from contor.payments.settlements.reading.paypal import is_paypal, read_paypal
from contor.payments.settlements.reading.stripe import is_stripe, read_stripe
from contor.payments.settlements.types import FileFinding, ReadReport, SettlementMapping
from contor.payments.types import SettlementFormat


def read_settlement(
    content: bytes, currency: str, mapping: SettlementMapping | None = None
) -> tuple[SettlementFormat, list[ReadReport]]:
    """The format and the reports of a file; `currency`: that of the account. Raises `NotRead` with everything that is wrong with it."""
    text = text_of(content)
    form = _format_of(text, mapping)
    if form == "STRIPE_BALANCE_TRANSACTIONS":
        reports = read_stripe(text)
    elif form == "ADYEN_SETTLEMENT_DETAILS":
        reports = read_adyen(text)
    elif form == "PAYPAL_SETTLEMENT":
        reports = read_paypal(text)
    else:
        reports = read_mapped(text, mapping, currency) if mapping is not None else []
    reports = [report._replace(items=tuple(item for item in report.items if item.gross or item.net)) for report in reports]
    reports = [report for report in reports if report.items]
    if not reports:
        raise unreadable("has no item that moves a balance")
    return form, reports


def settlement_format(content: bytes, mapping: SettlementMapping | None = None) -> SettlementFormat:
    """The format of a file by its first line. Raises `NotRead`."""
    return _format_of(text_of(content), mapping)


def _format_of(text: str, mapping: SettlementMapping | None) -> SettlementFormat:
    head = head_of(text)
    if is_stripe(head):
        return "STRIPE_BALANCE_TRANSACTIONS"
    if is_adyen(head):
        return "ADYEN_SETTLEMENT_DETAILS"
    if is_paypal(head):
        return "PAYPAL_SETTLEMENT"
    if mapping is None:
        raise unreadable(
            "is none of STRIPE (itemised payout reconciliation), ADYEN (settlement details) and PAYPAL (settlement report) by its"
            " first line; another table is read by the account's settlement mapping, and there is none",
            1,
        )
    own = head_of(text, delimiter_of(mapping))
    if not is_mapped(own, mapping):
        named = ", ".join(repr(name) for name in lacking(own, mapping))
        message = f"The file is of no known format, and its first line lacks columns of the account's settlement mapping: {named}."
        raise NotRead([FileFinding(code="settlement_columns_missing", message=message, row=1)])
    return "GENERIC_SETTLEMENT"
