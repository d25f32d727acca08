"""The DATEV charts SKR03 and SKR04, as far as the posting table names accounts (accounting reference 8, rows 1 to 33). Pure.

The rows are in `chart.txt`. The year's DATEV chart is the authority; a tenant replaces an account by `Chart.replaced`.
EXTERNAL_CLOSED has no default: without a configured account the decision is refused.
"""

from importlib.resources import files

from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Account, AccountType, Chart

_TABLE = files("contor.bookkeeping.chart").joinpath("chart.txt").read_text(encoding="utf-8")
"""The format is in its first lines."""
_TYPES = {"A": AccountType.ASSET, "L": AccountType.LIABILITY, "I": AccountType.INCOME, "X": AccountType.EXPENSE}


def _chart(name: str, column: int) -> Chart:
    accounts: dict[Role, Account] = {}
    for row in _TABLE.splitlines():
        if row.startswith("#"):
            continue
        role, skr03, skr04, kind, group, automatic, tax_key, opos, names = row.split(maxsplit=8)
        # (k) is for readers: a tax adviser has to confirm the number
        german, english = names.removesuffix(" (k)").split(" | ")
        accounts[Role(role)] = Account(
            number=int((skr03, skr04)[column]),
            name_de=german,
            name_en=english,
            type=_TYPES[kind],
            group=group,
            automatic=automatic == "A",
            tax_key=None if tax_key == "-" else tax_key,
            opos=opos == "O",
        )
    return Chart(name, accounts)


SKR03 = _chart("SKR03", 0)
SKR04 = _chart("SKR04", 1)
CHARTS = {chart.name: chart for chart in (SKR03, SKR04)}

DEBTORS = range(10_000, 70_000)
"""Personal accounts of customers; their control account is RECEIVABLES."""
CREDITORS = range(70_000, 100_000)
"""Personal accounts of vendors and self-billed partners; their control account is PAYABLES."""
