"""Contracts that end, and mandates that were given."""

import datetime as dt
from collections.abc import Collection, Iterator

from contor.contracts.events import ContractsCancelled, ContractsEnded
from contor.contracts.labels import labels_of
from contor.contracts.queries import contracts_by_id, plans_of
from contor.notifications.mail.causes.declared import Company, mailed, read_by, to_customer
from contor.notifications.mail.queue import Wanted
from contor.notifications.mail.wording import day
from contor.payments.customer_accounts import signed_mandates
from contor.payments.events import MandatesSigned
from contor.runtime.uow import Uow


@mailed(ContractsEnded, "SUBSCRIPTION_CANCELLED")
def contracts_ended(uow: Uow, fact: ContractsEnded, company: Company) -> Iterator[Wanted]:
    return _ended(uow, fact.contract_ids, company)


@mailed(ContractsCancelled, "SUBSCRIPTION_CANCELLED")
def contracts_cancelled(uow: Uow, fact: ContractsCancelled, company: Company) -> Iterator[Wanted]:
    return _ended(uow, fact.contract_ids, company)


def _ended(uow: Uow, ids: Collection[int], company: Company) -> Iterator[Wanted]:
    """Once for each end: one that moves is told again."""
    contracts = contracts_by_id(uow, ids).values()
    found = read_by(uow, (contract.customer_ident for contract in contracts))
    labels, plans = labels_of(uow, ids), plans_of(uow, contracts)
    for contract in contracts:
        label = labels.get(contract.contract_id)
        reader = found.get(contract.customer_ident)
        is_cancelled = contract.end_kind == "CANCELLED"
        if reader is None or (contract.end_on is None and not is_cancelled):
            continue
        language = contract.content.language or reader.language or company.language
        last_day = None if contract.end_on is None or is_cancelled else contract.end_on - dt.timedelta(days=1)
        facts = {
            "number": contract.contract_ident,
            "name": (label.title if label is not None else None) or plans[contract.contract_id].content.name,
            "startDate": day(contract.start_on, language) if contract.start_on else None,
            "lastDay": day(last_day, language) if last_day else None,
            "isCancelled": is_cancelled,
        }
        yield Wanted(
            kind="SUBSCRIPTION_CANCELLED",
            about=f"contract:{contract.contract_ident}:{'cancelled' if is_cancelled else last_day}",
            recipient=reader.email or "",
            recipient_name=reader.name,
            language=language,
            customer_ident=reader.customer_ident,
            facts=to_customer(company, reader, {"contract": facts}, contract.content.operating_site_ident),
        )


@mailed(MandatesSigned, "MANDATE")
def mandates_signed(uow: Uow, fact: MandatesSigned, company: Company) -> Iterator[Wanted]:
    signed = signed_mandates(uow, fact.account_idents)
    found = read_by(uow, (one.debtor_ident for one in signed))
    for one in signed:
        reader = found.get(one.debtor_ident)
        if reader is None or one.mandate is None:
            continue
        language, mandate = reader.language or company.language, one.mandate
        facts = {
            "reference": mandate.reference,
            "signedOn": day(mandate.signed_on, language),
            "scheme": mandate.scheme,
            "creditorIdentifier": mandate.creditor_identifier,
            "creditor": company.facts["name"],
            "account": one.iban,
            "preNotificationDays": mandate.pre_notification_days,
        }
        yield Wanted(
            kind="MANDATE",
            about=f"mandate:{mandate.reference}",
            recipient=reader.email or "",
            recipient_name=reader.name,
            language=language,
            customer_ident=reader.customer_ident,
            facts=to_customer(company, reader, {"mandate": facts}),
        )
