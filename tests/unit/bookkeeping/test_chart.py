"""The charts carry the account numbers of the posting table; the pairs are written out here, SKR03 and SKR04."""

from collections import Counter

import pytest

from contor.bookkeeping.chart.chart import CHARTS, CREDITORS, DEBTORS, SKR03, SKR04
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Account, AccountType
from contor.kernel.errors import Kind, Refused

POSTING_TABLE = """
RECEIVABLES 1400 1200, PAYABLES 1600 3300, BANK 1200 1800, PAYMENT_PROVIDER 1360 1460, PAYMENTS_UNASSIGNED 1792 3630,
REVENUE_19 8400 4400, REVENUE_7 8300 4300, TAX_19 1776 3806, TAX_7 1771 3801, TAX_NOT_DUE_19 1766 3816, TAX_NOT_DUE_7 1761 3811,
REVENUE_REVERSE_CHARGE_DOMESTIC 8337 4337, REVENUE_REVERSE_CHARGE_EU 8336 4336, REVENUE_THIRD_COUNTRY 8338 4338,
REVENUE_INTRA_COMMUNITY 8125 4125, REVENUE_TRIANGULAR 8130 4130, REVENUE_EXPORT 8120 4120, REVENUE_SMALL_BUSINESS 8195 4185,
REVENUE_EXEMPT 8100 4100,
REVENUE_OSS_GOODS 8320 4320, TAX_OSS_GOODS 1767 3817, REVENUE_OSS_DIGITAL 8331 4331, TAX_OSS_DIGITAL 1728 3798,
REVENUE_OSS_SERVICE 8339 4339, TAX_OSS_SERVICE 1768 3818, VOUCHERS 1796 3786, REDUCTION_19 8720 4720, REDUCTION_7 8710 4710,
DEPOSIT_CLEARING 1593 1495, DEPOSITS_19 1718 3272, DEPOSITS_7 1711 3260, DEPOSITS_OTHER 1710 3250, BANK_FEES 4970 6855,
OTHER_REVENUE 8640 4836, CASH_DISCOUNT_19 8736 4736, CASH_DISCOUNT_7 8731 4731, CASH_DISCOUNT_REVERSE_CHARGE 8741 4741,
DOUBTFUL 1460 1240, ALLOWANCE_ADDED 2451 6923, ALLOWANCE 998 1246, ALLOWANCE_RELEASED 2731 4923, BAD_DEBT_OTHER 2400 6930,
BAD_DEBT_19 2406 6936, BAD_DEBT_7 2401 6931, BAD_DEBT_RECOVERED 2732 4925, COMMISSION 4760 6770, INPUT_TAX_19 1576 1406,
PURCHASE_ABROAD 3125 5925, INPUT_TAX_REVERSE_CHARGE 1577 1407, TAX_REVERSE_CHARGE 1787 3837, OTHER_INCOME 2709 4839,
INTEREST_INCOME 2650 7100, EXCHANGE_LOSS 2151 6881, REVALUATION_LOSS 2150 6880, EXCHANGE_GAIN 2661 4847, REVALUATION_GAIN 2660 4840,
ROUNDING_LOSS 2309 6969, DEFERRED_INCOME 990 3900, TAX_WRONGLY_SHOWN 1783 3851, TAX_16 1775 3805, TAX_5 1773 3803,
DEPOSITS_16 1717 3270
"""


@pytest.mark.parametrize("row", POSTING_TABLE.replace("\n", " ").split(","))
def test_account_numbers(row: str) -> None:
    role, skr03, skr04 = row.split()
    assert (SKR03[Role(role)].number, SKR04[Role(role)].number) == (int(skr03), int(skr04))


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_every_role_has_its_own_account_but_the_one_that_a_tenant_must_configure(chart: object) -> None:
    rows = chart.items()  # type: ignore[attr-defined]
    assert set(Role) - {role for role, _ in rows} == {Role.EXTERNAL_CLOSED}
    assert [number for number, count in Counter(account.number for _, account in rows).items() if count > 1] == []
    assert all(account.number < DEBTORS.start and account.name_de and account.name_en for _, account in rows)


@pytest.mark.parametrize(
    ("role", "account_type", "automatic", "tax_key", "opos"),
    [
        (Role.REVENUE_19, AccountType.INCOME, True, "S19", False),
        (Role.REDUCTION_19, AccountType.INCOME, True, "S19", False),
        (Role.CASH_DISCOUNT_19, AccountType.INCOME, True, "S19", False),
        (Role.BAD_DEBT_19, AccountType.EXPENSE, True, "S19", False),
        (Role.DEPOSITS_19, AccountType.LIABILITY, True, "S19", True),
        (Role.REVENUE_REVERSE_CHARGE_DOMESTIC, AccountType.INCOME, True, "AE-DE", False),
        (Role.REVENUE_INTRA_COMMUNITY, AccountType.INCOME, True, "K", False),
        (Role.REVENUE_TRIANGULAR, AccountType.INCOME, True, "AE-25B", False),
        (Role.TAX_19, AccountType.LIABILITY, False, "S19", False),
        (Role.DEPOSIT_CLEARING, AccountType.LIABILITY, False, None, True),
        (Role.BANK, AccountType.ASSET, False, None, False),
    ],
)
def test_what_the_automatic_accounts_are(
    role: Role, account_type: AccountType, automatic: bool, tax_key: str | None, opos: bool
) -> None:
    for chart in CHARTS.values():
        account = chart[role]
        assert (account.type, account.automatic, account.tax_key, account.opos) == (account_type, automatic, tax_key, opos)


def test_a_tenant_replaces_an_account() -> None:
    own = Account(number=8401, name_de="Erlöse Hosting", name_en="Hosting", type=AccountType.INCOME, group="REVENUE")
    chart = SKR03.replaced({Role.REVENUE_19: own})
    assert (chart[Role.REVENUE_19].number, SKR03[Role.REVENUE_19].number) == (8401, 8400)


def test_a_role_without_account_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        SKR03[Role.EXTERNAL_CLOSED]
    assert refused.value.kind is Kind.ILLEGAL_STATE
    assert [(problem.code, problem.rejected_value) for problem in refused.value.problems] == [
        ("booking_account_missing", "EXTERNAL_CLOSED")
    ]


def test_personal_accounts() -> None:
    assert (DEBTORS[0], DEBTORS[-1], CREDITORS[0], CREDITORS[-1]) == (10_000, 69_999, 70_000, 99_999)
