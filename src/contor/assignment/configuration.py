"""How payments of an account find their open items: regular expressions and switches."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.assignment import tables
from contor.assignment.matching import why_not_a_strategy
from contor.assignment.types import AssignmentConfiguration, RegexStrategy
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import shown
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Amount, Fields, Ident, shape
from contor.payments.accounts import ACCOUNTS
from contor.payments.queries import currencies_of_accounts
from contor.runtime.resource import Resource
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


def _checked(uow: Uow, row: Fields) -> None:
    fields = ("ident", "regular_expression", "target_type", "replace_with", "fail_on_multiple_matches")
    if problems := why_not_a_strategy(RegexStrategy(**{name: row[name] for name in fields})):
        raise Refused(Kind.INVALID, *problems)


def _unused(uow: Uow, row: Fields) -> None:
    # the operator of jsonb: psycopg's own placeholder is %s
    if uow.scalar(int, "SELECT 1 FROM assignment_configuration WHERE regex_matching_strategies ? %s", (row["ident"],)):
        message = "A payment account uses the strategy."
        raise Refused(Kind.CONFLICT, Problem("regex_matching_strategy_in_use", message))


STRATEGIES = Resource(
    "regex_matching_strategy",
    tables.regex_matching_strategy,
    permission="payments",
    writable=("ident", "regular_expression", "target_type", "replace_with", "fail_on_multiple_matches"),
    filterable=("ident", "target_type", "created_at"),
    before_create=_checked,
    before_update=_checked,
    before_delete=_unused,
)


@shape
class ConfigurationChange:
    """What is said anew of an account. What is left out stays as it is; of an account of which nothing was said yet, it is the default."""

    overpayment_assignment_to_documents: bool | None = None
    overpayment_assignment_to_orders: bool | None = None
    underpayment_assignment_to_documents: bool | None = None
    underpayment_assignment_to_orders: bool | None = None
    regex_matching_strategies: Annotated[tuple[Ident, ...], Field(max_length=20)] | None = None
    automatic_by_score: bool | None = None
    bank_charges_bound: Annotated[Amount, Field(ge=0, le=1000)] | None = None


@shape
class ConfigurationView:
    """All that holds of an account, with the defaults where nothing was said."""

    overpayment_assignment_to_documents: bool = False
    overpayment_assignment_to_orders: bool = False
    underpayment_assignment_to_documents: bool = False
    underpayment_assignment_to_orders: bool = True
    regex_matching_strategies: tuple[str, ...] = ()
    automatic_by_score: bool = False
    bank_charges_bound: Amount = Decimal(0)


@dataclass(frozen=True, slots=True)
class OneConfiguration:
    merchant_payment_account_ident: str


@dataclass(frozen=True, slots=True)
class PutConfiguration:
    merchant_payment_account_ident: str
    body: ConfigurationChange


@operation("assignment_configuration.get", permission="payments.read", reads=True)
def get_configuration(uow: Uow, command: OneConfiguration) -> ConfigurationView:
    """The account's switches and strategies; the defaults where nothing was configured."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    return configuration_of(uow, command.merchant_payment_account_ident)


def _known_strategies(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    sql = "SELECT ident FROM regex_matching_strategy WHERE ident = ANY (%s)"
    return frozenset(uow.column(str, sql, (sorted(set(idents)),)))


_STRATEGIES = Reference("regexMatchingStrategies", "regex_matching_strategy_unknown", _known_strategies)


@operation("assignment_configuration.put", permission="payments.write", refers=(_STRATEGIES,))
def put_configuration(uow: Uow, command: PutConfiguration) -> ConfigurationView:
    """Say some of it, or all; what is not said stays. The answer is all that holds from now on."""
    ident, change = command.merchant_payment_account_ident, command.body
    ACCOUNTS.require(uow, (ident,), lock=True)
    named = change.regex_matching_strategies or ()
    known = _known_strategies(uow, named)
    unknown = [
        Problem("regex_matching_strategy_unknown", f"There is no strategy {name!r}.", f"regexMatchingStrategies[{n}]", name)
        for n, name in enumerate(named)
        if name not in known
    ]
    if unknown:
        raise Refused(Kind.INVALID, *unknown)
    before = configuration_of(uow, ident)
    body = replace(before, **{name: value for name in _SAID if (value := getattr(change, name)) is not None})
    uow.run("DELETE FROM assignment_configuration WHERE account_ident = %s", (ident,))
    row = {name: getattr(body, name) for name in _SWITCHES}
    strategies = list(body.regex_matching_strategies)
    values = {"account_ident": ident, **row, "regex_matching_strategies": strategies, "last_modified_at": uow.ctx.now()}
    uow.insert(tables.assignment_configuration, [values])
    uow.audit("assignment_configuration", ident, {"before": before, "after": body})
    return body


@operation("assignment_configuration.delete", permission="payments.write")
def delete_configuration(uow: Uow, command: OneConfiguration) -> None:
    """Fall back to the defaults."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    if not uow.run("DELETE FROM assignment_configuration WHERE account_ident = %s", (command.merchant_payment_account_ident,)):
        raise not_found("assignment_configuration", command.merchant_payment_account_ident)
    uow.audit("assignment_configuration", command.merchant_payment_account_ident, {"deleted": True})


_SWITCHES = (
    "overpayment_assignment_to_documents",
    "overpayment_assignment_to_orders",
    "underpayment_assignment_to_documents",
    "underpayment_assignment_to_orders",
    "automatic_by_score",
    "bank_charges_bound",
)
_SAID = (*_SWITCHES, "regex_matching_strategies")


class _Configured(NamedTuple):
    account_ident: str
    overpayment_assignment_to_documents: bool
    overpayment_assignment_to_orders: bool
    underpayment_assignment_to_documents: bool
    underpayment_assignment_to_orders: bool
    regex_matching_strategies: list[str]
    automatic_by_score: bool
    bank_charges_bound: Decimal


class _Strategy(NamedTuple):
    ident: str
    regular_expression: str
    target_type: Literal["DOCUMENT", "ORDER"]
    replace_with: str | None
    fail_on_multiple_matches: bool


def configuration_of(uow: Uow, account_ident: str) -> ConfigurationView:
    return configurations_of(uow, [account_ident])[account_ident]


def configurations_of(uow: Uow, accounts: Collection[str]) -> dict[str, ConfigurationView]:
    """Of each account; the defaults where nothing was configured."""
    sql = f"SELECT {columns(_Configured)} FROM assignment_configuration WHERE account_ident = ANY (%s)"
    currencies = currencies_of_accounts(uow, sorted(accounts))
    found = {account: ConfigurationView() for account in accounts}
    for row in uow.all(_Configured, sql, (sorted(accounts),)):
        said = {name: value for name, value in row._asdict().items() if name != "account_ident"}
        said["bank_charges_bound"] = shown(row.bank_charges_bound, currencies[row.account_ident])
        found[row.account_ident] = ConfigurationView(**{**said, "regex_matching_strategies": tuple(row.regex_matching_strategies)})
    return found


def switches_of(body: ConfigurationView) -> AssignmentConfiguration:
    return AssignmentConfiguration(**{name: getattr(body, name) for name in _SWITCHES})


def strategies_of(uow: Uow, configurations: Mapping[str, ConfigurationView]) -> dict[str, list[RegexStrategy]]:
    """The strategies of each account in their order."""
    idents = sorted({ident for body in configurations.values() for ident in body.regex_matching_strategies})
    sql = f"SELECT {columns(_Strategy)} FROM regex_matching_strategy WHERE ident = ANY (%s)"
    rows = {row.ident: RegexStrategy(**row._asdict()) for row in uow.all(_Strategy, sql, (idents,))} if idents else {}
    return {
        account: [rows[ident] for ident in body.regex_matching_strategies if ident in rows]
        for account, body in configurations.items()
    }
