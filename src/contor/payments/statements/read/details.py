"""A booking of camt and the transfers that it consists of. Pure.

Where several places say the same, the one that is nearest to the transfer counts. Amounts in another currency than the booking's are what
was ordered elsewhere, never parts of it.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from contor.payments.statements.read.tree import Element, at, children, day, said, says, signed
from contor.payments.statements.read.values import (
    amount_of,
    bic_of,
    code_of,
    compact,
    iban_of,
    name_of,
    reference_of,
    text_of,
    unreadable,
)
from contor.payments.statements.types import Batch, Entry, Instructed, Part

_TRUE = ("true", "1")
_NONE = (Decimal(0), Decimal(0))


def entry_of(element: Element) -> Entry:
    """A booking (`Ntry`). Raises Refused for one without amount, direction or date."""
    money = at(element, "Amt")
    if money is None:
        raise unreadable("A booking (Ntry) has no amount.")
    currency = money.get("Ccy") or ""
    amount = signed(amount_of(money.text), element)
    booked, valued = day(element, "BookgDt"), day(element, "ValDt")
    if booked is None and valued is None:
        raise unreadable("A booking (Ntry) has neither a booking date nor a value date.", "date_missing")
    details = list(children(element, "NtryDtls"))
    transfers = [transfer for detail in details for transfer in children(detail, "TxDtls")]
    transfers = transfers or list(children(element, "TxDtls"))  # version 1
    charges, apart = _charges(element, currency)
    together = (charges, apart) if len(transfers) > 1 else _NONE
    return Entry(
        amount=amount,
        currency=currency,
        booked_on=booked or valued or dt.date.min,
        valued_on=valued or booked or dt.date.min,
        status=said(element, "Sts", "Cd") or said(element, "Sts") or said(element, "Sts", "Prtry") or "BOOK",
        reference=reference_of(said(element, "AcctSvcrRef"), 255),
        parts=tuple(_part(transfer, amount, currency, _NONE if len(transfers) > 1 else (charges, apart)) for transfer in transfers),
        charges=together[0],
        charges_apart=together[1],
        batch=_batch(element, details, transfers),
        is_reversal=(said(element, "RvslInd") or "") in _TRUE,
        code=_business(element),
        text=text_of(said(element, "AddtlNtryInf"), 500),
    )


def _business(element: Element) -> str | None:
    code = at(element, "BkTxCd")
    domain = [said(code, "Domn", "Cd"), said(code, "Domn", "Fmly", "Cd"), said(code, "Domn", "Fmly", "SubFmlyCd")]
    return text_of(said(code, "Prtry", "Cd") or "-".join(part for part in domain if part), 100) or None


def _batch(element: Element, details: list[Element], transfers: list[Element]) -> Batch | None:
    """By `Btch`, else by what the references of a booking without transfers of its own say."""
    found = next((batch for holder in (*details, element) if (batch := at(holder, "Btch")) is not None), None)
    if found is not None:
        count = said(found, "NbOfTxs") or ""
        return Batch(
            message=reference_of(said(found, "MsgId")),
            payment_information=reference_of(said(found, "PmtInfId")),
            count=int(count) if count.isascii() and count.isdigit() and len(count) < 16 else None,
        )
    if len(transfers) == 1:
        refs = at(transfers[0], "Refs")
        message, information = reference_of(said(refs, "MsgId")), reference_of(said(refs, "PmtInfId"))
        if (message or information) and not said(refs, "EndToEndId"):
            return Batch(message=message, payment_information=information)
    return None


def _part(element: Element, whole: Decimal, currency: str, above: tuple[Decimal, Decimal]) -> Part:
    """A transfer (`TxDtls`); `above`: the charges that its booking states."""
    is_credit = whole >= 0
    if said(element, "CdtDbtInd") in ("CRDT", "DBIT"):
        is_credit = said(element, "CdtDbtInd") == "CRDT"
    refs, code = at(element, "Refs"), _return_code(element)
    party, agent = ("Dbtr", "DbtrAgt") if is_credit != (code is not None) else ("Cdtr", "CdtrAgt")
    charges, apart = _charges(element, currency)
    if not charges and not apart:
        charges, apart = above
    amount = _own_amount(element, currency)
    name, account = _party(element, party)
    if name is None and account is None:  # the bank puts our own side into a return, or only the other one into a transfer
        other = "Cdtr" if party == "Dbtr" else "Dbtr"
        name, account = _party(element, other) if code is not None else (None, None)
        agent = f"{other}Agt" if name or account else agent
    iban = iban_of(account) if account else None
    institution = at(element, "RltdAgts", agent, "FinInstnId")
    bic = said(institution, "BICFI") or said(institution, "BIC")
    return Part(
        amount=None if amount is None else amount if is_credit else -amount,
        instructed=_instructed(element),
        charges=charges,
        charges_apart=apart,
        name=name,
        iban=iban,
        account=compact(account)[:100] if account and iban is None else None,
        bic=bic_of(bic) if bic else None,
        end_to_end=reference_of(said(refs, "EndToEndId")),
        mandate=reference_of(said(refs, "MndtId")),
        reference=reference_of(said(refs, "AcctSvcrRef"), 255) or reference_of(said(refs, "TxId"), 255),
        text=_text(element),
        return_code=code,
    )


def _own_amount(element: Element, currency: str) -> Decimal | None:
    """In the booking's currency; a transfer of nothing says none."""
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt")):
        found = at(element, *path)
        if found is not None and (found.get("Ccy") or currency) == currency and (amount := amount_of(found.text)):
            return amount
    return None


def _instructed(element: Element) -> Instructed | None:
    """What was ordered; also a transaction's amount that is another one than the transfer's."""
    own, transaction = said(element, "Amt"), ("AmtDtls", "TxAmt", "Amt")
    paths = [("AmtDtls", "InstdAmt", "Amt"), ("OrgnlTxRef", "Amt", "InstdAmt"), ("OrgnlTxRef", "IntrBkSttlmAmt")]
    if own is not None and (other := said(element, *transaction)) is not None and amount_of(other) != amount_of(own):
        paths.append(transaction)
    for path in paths:
        found = at(element, *path)
        if found is not None and (amount := amount_of(found.text)):
            return Instructed(amount=amount, currency=found.get("Ccy") or "")
    return None


def _charges(element: Element, currency: str) -> tuple[Decimal, Decimal]:
    """What was taken, and what is said to be beside the booking's amount. Version 1 to 3: `Chrgs` one by one; later: `Rcrd`."""
    total, apart = _NONE
    for holder in children(element, "Chrgs"):
        for record in list(children(holder, "Rcrd")) or [holder]:
            money = at(record, "Amt")
            if money is None or (money.get("Ccy") or currency) != currency:
                continue
            amount = amount_of(money.text)
            amount = -amount if said(record, "CdtDbtInd") == "CRDT" else amount
            if said(record, "ChrgInclInd") in ("false", "0"):
                apart += amount
            else:
                total += amount
    return total, apart


def _return_code(element: Element) -> str | None:
    found = at(element, "RtrInf")
    if found is None:
        return None
    return (
        code_of(said(found, "Rsn", "Cd")) or code_of(said(found, "RtrRsn", "Cd")) or code_of(said(found, "Rsn", "Prtry")) or "NARR"
    )


def _party(element: Element, role: str) -> tuple[str | None, str | None]:
    related = at(element, "RltdPties")
    party, account = at(related, role), at(related, f"{role}Acct", "Id")
    ultimate = at(related, f"Ultmt{role}")
    names = (found for holder in (party, ultimate) for found in (said(holder, "Nm"), said(holder, "Pty", "Nm")) if found)
    number = said(account, "IBAN") or said(account, "Othr", "Id") or said(account, "PrtryAcct", "Id") or said(account, "BBAN")
    return name_of(next(names, None)), number


def _text(element: Element) -> str:
    """What was written for us: lines of free text, references of documents and payments, further words."""
    return text_of(" ".join(_written(at(element, "RmtInf"))) or said(element, "AddtlTxInf"))


def _written(remittance: Element | None) -> Iterator[str]:
    if remittance is None:
        return
    for line in children(remittance, "Ustrd"):
        yield says(line)
    for structured in children(remittance, "Strd"):
        if found := said(structured, "CdtrRefInf", "Ref") or said(structured, "CdtrRefInf", "CdtrRef"):
            yield found
        for document in children(structured, "RfrdDocInf"):
            if found := said(document, "Nb") or said(document, "RfrdDocNb"):
                yield found
        for line in children(structured, "AddtlRmtInf"):
            yield says(line)
