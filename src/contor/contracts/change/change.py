"""Activate, change, terminate and cancel contracts. Batches are all or nothing, with every finding of every contract at once."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from contor.catalogue.price_sites import sites_referred
from contor.catalogue.types import CatalogueProperty, Plan
from contor.contracts.calendar import (
    extraordinary_end,
    ordinary_end,
    pending_end,
    performance,
    why_not_activatable,
    why_not_adaptable,
    why_not_terminable,
)
from contor.contracts.course import first_start, next_opening
from contor.contracts.create import backdating_findings, own_price_findings, start, stored_content
from contor.contracts.events import ContractsCancelled, ContractsChanged, ContractsEnded
from contor.contracts.queries import contract_by_ident, contracts_by_ident, plans_of, proposal_instant
from contor.contracts.read import require_contract, views_of
from contor.contracts.terms import ContractPayment, PlanModifier
from contor.contracts.types import BatchTermination, Contract, ContractView, Termination
from contor.customers.queries import address_types, home_at
from contor.customers.standing import closed_findings
from contor.documents.types import Location, PaymentTerm
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.partial import partial, said
from contor.kernel.shapes import Ident, Language, replace, shape
from contor.payments.customer_accounts import payment_account_findings
from contor.runtime.execute import changed
from contor.runtime.uow import Uow
from contor.settings.groups import Days
from contor.settings.queries import days_of_groups, language_in


@shape
class ActivationBody:
    start_date: dt.date
    billing_start_date: dt.date | None = None
    allow_backdating: bool = False
    """Bill intervals from before the tenant's limit, too."""


@shape
class ActivateContract:
    contract_ident: str
    body: ActivationBody


@shape
class ContractTerms:
    """What can be changed of a contract as it is: how the next bill goes out, and at what prices."""

    invoice_address_ident: Ident
    language: Language | None = None
    tax_location: Location | None = None
    performance_location: Location | None = None
    payment_information: ContractPayment = ContractPayment()
    payment_term: PaymentTerm | None = None
    plan_modifiers: Annotated[tuple[PlanModifier, ...], Field(max_length=50)] = ()
    properties: Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)] = ()


PatchBody: Any = partial(ContractTerms, "ContractPatch")
"""What is left out stays, null unsets; things are changed in part, lists are replaced whole (RFC 7396)."""


@shape
class UpdateContract:
    contract_id: int
    body: PatchBody


@shape
class TerminateContract:
    contract_ident: str
    body: Termination


@shape
class TerminateContracts:
    body: BatchTermination


@shape
class IdentList:
    idents: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=1000)]


@shape
class CancelContracts:
    body: IdentList


@operation("contract.activate", permission="contracts.write")
def activate(uow: Uow, command: ActivateContract) -> None:
    """Give a pending contract its start, once; none begins with who is suspended or archived."""
    contract = locked_contracts(uow, [command.contract_ident])[0]
    if problems := why_not_activatable(contract.end_kind):
        raise Refused(Kind.CONFLICT, *problems)
    if contract.start_on is not None:
        problems.append(Problem("contract_started", f"The contract begins on {contract.start_on}.", "startDate"))
    problems += closed_findings(uow, contract.customer_ident, "debtorIdent")
    body = command.body
    if body.billing_start_date is not None and body.billing_start_date < body.start_date:
        message = "is not on or after the start of the contract"
        problems.append(Problem("billing_start_before_start", message, "billingStartDate", body.billing_start_date))
    plan = plans_of(uow, [contract])[contract.contract_id]
    if not problems:
        first = first_start(plan, body.start_date, body.billing_start_date)
        problems += backdating_findings(uow, first, body.allow_backdating, "startDate")
    if problems:
        raise Refused(Kind.INVALID, *problems)
    start(uow, contract, plan, body.start_date, body.billing_start_date)
    uow.audit("contract", contract.contract_ident, {"activated": body})


@operation("contract.update", permission="contracts.write", refers=sites_referred("planModifiers.optionPrices.", "prices"))
def update_contract(uow: Uow, command: UpdateContract) -> ContractView:
    """Change what later bills need; what was billed stays. Prices count from the first period on or after their day."""
    # a run that bills the next period at the old price now commits first: then it is in the past
    uow.lock("billing", [require_contract(uow, command.contract_id).customer_ident])
    contract = require_contract(uow, command.contract_id, lock=True)
    content, patch = contract.content, said(command.body)
    terms = changed(ContractTerms, content, patch)
    problems: list[Problem] = []
    wanted = terms.invoice_address_ident
    if address_types(uow, contract.customer_ident).get(wanted) != "INVOICE":
        problems.append(Problem("address_unknown", "is no INVOICE address of the customer", "invoiceAddressIdent", wanted))
    if "payment_information" in patch:
        account = terms.payment_information.customer_payment_account_ident
        problems += payment_account_findings(uow, contract.customer_ident, account)
    known = {option for given in content.quantities.values() for option in given}
    for index, modifier in enumerate(terms.plan_modifiers):
        for position, entry in enumerate(modifier.option_prices):
            if entry.option_ident not in known:
                path = f"planModifiers[{index}].optionPrices[{position}].optionIdent"
                problems.append(Problem("option_unknown", "the contract does not have it", path, entry.option_ident))
    if "plan_modifiers" in patch:
        problems += _past_prices(contract, terms.plan_modifiers) + own_price_findings(uow, terms.plan_modifiers)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    given = {name: getattr(terms, name) for name in patch}
    if "language" in given:
        home = home_at(uow, contract.customer_ident, content.shipping_address_ident or terms.invoice_address_ident)
        assert home is not None  # the addresses are the customer's
        given["language"] = language_in(uow, contract.billing_group_ident, home.country, terms.language, home.language)
    uow.run(
        "UPDATE contract SET content = %s, last_modified_at = %s WHERE contract_id = %s",
        (stored_content(replace(content, **given)), uow.ctx.now(), contract.contract_id),
    )
    uow.audit("contract", contract.contract_ident, {"before": content, "after": given})
    uow.emit(ContractsChanged(contract_ids=(contract.contract_id,), before=(contract,)))
    return views_of(uow, [require_contract(uow, contract.contract_id)])[0]


@operation("contract.terminate", permission="contracts.write")
def terminate(uow: Uow, command: TerminateContract) -> ContractView:
    """End a contract on the end of a term, after its notice period."""
    _end(uow, [command.contract_ident], command.body, "ORDINARY")
    return _view(uow, command.contract_ident)


@operation("contract.terminate_extraordinarily", permission="contracts.write")
def terminate_extraordinarily(uow: Uow, command: TerminateContract) -> ContractView:
    """End a contract with the end of a day; time billed in advance is given back."""
    _end(uow, [command.contract_ident], command.body, "EXTRAORDINARY")
    return _view(uow, command.contract_ident)


@operation("contract.adapt_termination", permission="contracts.write")
def adapt_termination(uow: Uow, command: TerminateContract) -> ContractView:
    """Move the end of a terminated contract to an earlier day."""
    _end(uow, [command.contract_ident], command.body, "ADAPTED")
    return _view(uow, command.contract_ident)


@operation("contract.terminate_batch", permission="contracts.write")
def terminate_batch(uow: Uow, command: TerminateContracts) -> None:
    """As `terminate`, for many."""
    _end(uow, command.body.idents, command.body, "ORDINARY")


@operation("contract.terminate_batch_extraordinarily", permission="contracts.write")
def terminate_batch_extraordinarily(uow: Uow, command: TerminateContracts) -> None:
    """End many contracts on a day, without regard to term and notice."""
    _end(uow, command.body.idents, command.body, "EXTRAORDINARY")


@operation("contract.cancel_batch", permission="contracts.write")
def cancel_batch(uow: Uow, command: CancelContracts) -> None:
    """Contracts are as if they had never been: nothing more is billed, everything billed is reversed."""
    contracts = locked_contracts(uow, command.body.idents)
    problems = [
        Problem("contract_cancelled", "The contract was cancelled already.", f"idents[{index}]", contract.contract_ident)
        for index, contract in enumerate(contracts)
        if contract.end_kind == "CANCELLED"
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    ids = [contract.contract_id for contract in contracts]
    uow.run(
        # [start, start) holds no day: no period stands
        "UPDATE contract SET end_kind = 'CANCELLED', end_on = coalesce(start_on, %s), next_proposal_at = NULL, last_modified_at = %s"
        " WHERE contract_id = ANY (%s)",
        (uow.ctx.today(), uow.ctx.now(), ids),
    )
    for contract in contracts:
        uow.audit("contract", contract.contract_ident, {"cancelled": True})
    uow.emit(ContractsCancelled(contract_ids=tuple(ids)))


# helpers in calling order


def _past_prices(contract: Contract, wanted: Sequence[PlanModifier]) -> list[Problem]:
    """Prices of periods that were proposed stay: such modifiers are neither added nor taken away."""
    reached = contract.proposed_through
    if reached is None:
        return []
    known, problems = contract.content.plan_modifiers, list[Problem]()
    for index, modifier in enumerate(wanted):
        if modifier not in known and (modifier.effective_from is None or modifier.effective_from < reached):
            message = f"is before the next period ({reached})"
            problems.append(
                Problem("price_of_past_period", message, f"planModifiers[{index}].effectiveFrom", modifier.effective_from)
            )
    gone = [modifier for modifier in known if modifier not in wanted]
    if any(modifier.effective_from is None or modifier.effective_from < reached for modifier in gone):
        problems.append(Problem("price_of_past_period", "prices that periods have used cannot be taken away", "planModifiers"))
    return problems


def _view(uow: Uow, ident: str) -> ContractView:
    return views_of(uow, [contract_by_ident(uow, ident)])[0]


def locked_contracts(uow: Uow, idents: Sequence[str]) -> list[Contract]:
    """The contracts in the order named; every unknown ident at once. A run that bills their customers is waited for before anything is
    locked that it needs (accounting reference 9, "concurrent change")."""
    sql = "SELECT DISTINCT customer_ident FROM contract WHERE contract_ident = ANY (%s)"
    uow.lock("billing", uow.column(str, sql, (list(idents),)))
    found = contracts_by_ident(uow, idents)
    if missing := [ident for ident in idents if ident not in found]:
        message = "No contract {!r} exists."
        raise Refused(Kind.NOT_FOUND, *[Problem("contract_not_found", message.format(i[:100]), None, i) for i in missing])
    return [found[ident] for ident in dict.fromkeys(idents)]


def _end(uow: Uow, idents: Sequence[str], body: Termination, kind: str) -> None:
    contracts = locked_contracts(uow, idents)
    plans, days = plans_of(uow, contracts), days_of_groups(uow)
    problems: list[Problem] = []
    ends: list[tuple[Contract, dt.date]] = []
    for index, contract in enumerate(contracts):
        today = days.today(contract.billing_group_ident)
        end = _end_of(contract, plans[contract.contract_id], body, kind, today)
        if kind == "ADAPTED":
            found = why_not_adaptable(contract.end_kind, contract.end_on, contract.start_on, end)
        else:
            found = why_not_terminable(contract.end_kind, performance(contract.start_on, contract.end_on, today))
            if contract.start_on is not None and end < contract.start_on:
                found.append(Problem("end_before_start", f"The contract begins on {contract.start_on}.", "terminationDate"))
        if kind != "ORDINARY":
            found += backdating_findings(uow, end, body.allow_backdating, "terminationDate")
        of_batch = len(contracts) > 1
        problems += [Problem(p.code, p.message, f"idents[{index}]" if of_batch else p.field, p.rejected_value) for p in found]
        ends.append((contract, end))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    for contract, end in ends:
        _store_end(uow, contract, plans[contract.contract_id], end, body, kind, days)
    uow.emit(ContractsEnded(contract_ids=tuple(contract.contract_id for contract, _ in ends)))


def _end_of(contract: Contract, plan: Plan, body: Termination, kind: str, today: dt.date) -> dt.date:
    notice = body.notice_date or today
    if kind != "ORDINARY":
        return extraordinary_end(body.termination_date or (body.notice_date if kind == "ADAPTED" else None), today)
    if contract.start_on is None:
        return pending_end(plan.content.pending_contract_terms, notice)
    return ordinary_end(plan.content, contract.start_on, notice, contract.life)


def _store_end(uow: Uow, contract: Contract, plan: Plan, end: dt.date, body: Termination, kind: str, days: Days) -> None:
    fields = {name: getattr(contract, name) for name in contract.__struct_fields__}
    ended = Contract(**{**fields, "end_on": end})
    following = next_opening(plan, ended, contract.proposed_through) if contract.proposed_through else None
    at, notice = proposal_instant(days, contract, following), body.notice_date or days.today(contract.billing_group_ident)
    uow.run(
        "UPDATE contract SET end_on = %s, end_kind = %s, notice_on = %s, reason = %s, next_proposal_at = %s, last_modified_at = %s"
        " WHERE contract_id = %s",
        (end, kind, notice, body.reason, at, uow.ctx.now(), contract.contract_id),
    )
    uow.audit("contract", contract.contract_ident, {"ends": end - dt.timedelta(days=1), "kind": kind})
