"""Reports and items as they are answered."""

from contor.kernel.money import shown
from contor.payments.settlements.queries import ItemRow, ReportRow
from contor.payments.settlements.types import ItemView, ReportView


def report_view(row: ReportRow) -> ReportView:
    unit = row.currency
    return ReportView(
        settlement_report_ident=row.ident,
        merchant_payment_account_ident=row.account_ident,
        provider=row.provider,
        external_ident=row.external_ident,
        period_start=row.period_start,
        period_end=row.period_end,
        opening_balance=shown(row.opening_balance, unit),
        closing_balance=shown(row.closing_balance, unit),
        currency=unit,
        item_count=row.item_count,
        difference=shown(row.closing_balance - row.opening_balance - row.net, unit),
        settlement_upload_ident=row.upload_ident,
        created_at=row.created_at,
    )


def item_view(row: ItemRow) -> ItemView:
    unit = row.currency
    return ItemView(
        settlement_item_ident=row.ident,
        settlement_report_ident=row.report_ident,
        merchant_payment_account_ident=row.account_ident,
        external_ident=row.external_ident,
        type=row.type,
        gross=shown(row.gross, unit),
        fee=shown(row.fee, unit),
        net=shown(row.net, unit),
        currency=unit,
        booking_date=row.booking_date,
        value_date=row.value_date,
        reference=row.reference,
        description=row.description,
        reason_code=row.reason_code,
        state=row.state,
        payment_ident=row.payment_ident,
        bank_payment_ident=row.bank_payment_ident,
        created_at=row.created_at,
    )
