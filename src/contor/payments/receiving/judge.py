"""What is wrong with a payment that an account is to take. Pure."""

from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, is_amount, quantum, too_fine, worded
from contor.kernel.shapes import Fields
from contor.payments.types import PaymentBody


def payment_problems(body: PaymentBody, account: Fields, ledger: str = "") -> list[Problem]:
    """Everything that is wrong with a transaction of this account. `ledger`: its currency, where the account's may be another one."""
    foreign = bool(ledger) and account["currency"] != ledger
    problems = _parts_problems(body)
    base, original = body.base_amount, body.original_amount
    accepted = {account["currency"], *account["additionally_accepted_currencies"]}
    if not account["active"]:
        problems.append(Problem("payment_account_inactive", "The account is not active.", "merchantPaymentAccountIdent"))
    if base.currency != account["currency"]:
        message = f"The account is kept in {account['currency']}."
        problems.append(Problem("base_currency_differs", message, "baseAmount.currency", base.currency))
    if not base.amount:
        problems.append(Problem("amount_zero", "A payment has an amount.", "baseAmount.amount", base.amount))
    for path, value in (("baseAmount", base), ("originalAmount", original)):
        if value is not None and not is_amount(value.amount, value.currency):
            problems.append(Problem("amount_not_in_currency", too_fine(value.currency), f"{path}.amount", value.amount))
    if original is None or original.currency == base.currency:
        if original is not None and original.amount != base.amount:
            message = "In one currency both amounts are the same."
            problems.append(Problem("amounts_differ", message, "originalAmount.amount", original.amount))
        if body.exchange_rate not in (None, 1):
            problems.append(Problem("exchange_rate_not_expected", "In one currency it is 1.", "exchangeRate", body.exchange_rate))
        return problems
    if foreign:
        message = f"An account in another currency than the ledger's takes payments in its own alone, {base.currency}."
        problems.append(Problem("currency_not_accepted", message, "originalAmount.currency", original.currency))
        return problems
    if original.currency not in accepted:
        message = f"The account accepts {', '.join(sorted(accepted))}."
        problems.append(Problem("currency_not_accepted", message, "originalAmount.currency", original.currency))
    if body.exchange_rate is None:
        message = "Required when the currencies differ."
        problems.append(Problem("exchange_rate_missing", message, "exchangeRate"))
    # banks round the amount, and the rate that they print
    elif abs(original.amount / body.exchange_rate - base.amount) > quantum(base.currency):
        message = f"originalAmount / exchangeRate is not baseAmount (within {quantum(base.currency)})."
        problems.append(Problem("exchange_rate_differs", message, "exchangeRate", body.exchange_rate))
    return problems


def _parts_problems(body: PaymentBody) -> list[Problem]:
    """Fees in another currency than the account's; parts that do not come to the transfer."""
    problems = []
    base, whole = body.base_amount, body.original_amount or body.base_amount
    fees = [(f"fees[{n}]", fee.amount, fee.currency, base.currency) for n, fee in enumerate(body.fees)]
    items = [(f"batchItems[{n}]", item.amount, item.currency, whole.currency) for n, item in enumerate(body.batch_items)]
    for path, amount, currency, wanted in (*fees, *items):
        if currency != wanted:
            problems.append(
                Problem("currency_differs", f"is {currency}, but the payment is in {wanted}", f"{path}.currency", currency)
            )
        elif not is_amount(amount, currency):
            problems.append(Problem("amount_not_in_currency", too_fine(currency), f"{path}.amount", amount))
    total = sum((item.amount for item in body.batch_items), ZERO)
    if body.batch_items and total != whole.amount:
        message = f"the parts come to {worded(total, whole.currency)}, the payment to {worded(whole.amount, whole.currency)}"
        problems.append(Problem("batch_items_differ", message, "batchItems", total))
    return problems
