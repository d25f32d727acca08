"""What is told of open items: what was decided on them, and that they are dunned."""

from collections.abc import Iterator, Sequence

from contor.dunning.events import LettersFiled, LettersMade, LettersPaid, LettersWithdrawn
from contor.dunning.queries import letter_ids, letters_told
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.openitems.decisions import DecisionView, decisions_by_ident
from contor.openitems.events import CasesDecided, DecisionsReverted
from contor.openitems.types import DecisionType
from contor.runtime.uow import Uow


def _type_of(decision: DecisionType) -> str:
    """`oposCaseDecision.uncollectableReceivable`"""
    first, *rest = decision.value.lower().split("_")
    return f"oposCaseDecision.{first}{''.join(part.capitalize() for part in rest)}"


_SAID = {
    DecisionType.CASH_DISCOUNT: "A cash discount was granted on an open item.",
    DecisionType.DISCOUNT: "A discount was granted on an open item.",
    DecisionType.BANK_FEE: "What a bank has taken was decided off an open item.",
    DecisionType.UNCOLLECTABLE_RECEIVABLE: "An open item was written off.",
    DecisionType.DOUBTFUL_RECEIVABLE: "An open item was said to be doubtful.",
    DecisionType.EXTERNAL_CLOSED: "An open item was closed by what happened elsewhere.",
    DecisionType.OTHER_REVENUE: "What a customer has paid too much was kept.",
}


@notified(CasesDecided, {_type_of(kind): said for kind, said in _SAID.items()})
def cases_decided(uow: Uow, fact: CasesDecided) -> Iterator[Notice]:
    views = decisions_by_ident(uow, fact.decision_idents)
    return (_decision(_type_of(view.type), view) for view in views.values())


@notified(DecisionsReverted, {"oposCaseDecision.reversion": "A decision on an open item was taken back."})
def decisions_reverted(uow: Uow, fact: DecisionsReverted) -> Iterator[Notice]:
    views = decisions_by_ident(uow, fact.decision_idents)
    return (_decision("oposCaseDecision.reversion", view) for view in views.values())


def _decision(type: str, view: DecisionView) -> Notice:
    content = {
        "oposCaseIdent": view.opos_case_ident,
        "ident": view.ident,
        "type": view.type,
        "amount": {"amount": view.amount, "currency": view.currency},
        "debitCreditIndicator": view.debit_credit_indicator,
        "reversionTargetIdent": view.reversion_target_ident,
        "customerIdent": view.customer_ident,
        "note": view.note,
    }
    return Notice(type, f"case:{view.opos_case_ident}", content)


@notified(LettersMade, {"dunning.created": "A customer is dunned: the letter is made, its file comes afterwards."})
def letters_made(uow: Uow, fact: LettersMade) -> Iterator[Notice]:
    return _letters(uow, "dunning.created", fact.letter_ids)


@notified(LettersFiled, {"dunning.archived": "The file of a dunning letter can be fetched."})
def letters_filed(uow: Uow, fact: LettersFiled) -> Iterator[Notice]:
    yield from _letters(uow, "dunning.archived", fact.letter_ids)
    for letter in letters_told(uow, fact.letter_ids):
        for document in letter.document_idents:
            content = {
                "documentIdent": document,
                "customerIdent": letter.customer_ident,
                "attachmentIdent": letter.letter_ident,
                "attachmentType": "DUNNING_LETTER",
                "name": f"{letter.letter_ident}.pdf",
            }
            yield Notice("documentAttachment.archived", f"dunning:{letter.letter_ident}", content)


@notified(LettersPaid, {"dunning.paid": "Nothing is open any more of what a dunning letter asked for."})
def letters_paid(uow: Uow, fact: LettersPaid) -> Iterator[Notice]:
    return _letters(uow, "dunning.paid", fact.letter_ids)


@notified(LettersWithdrawn, {"dunning.withdrawn": "A dunning letter was taken back."})
def letters_withdrawn(uow: Uow, fact: LettersWithdrawn) -> Iterator[Notice]:
    return _letters(uow, "dunning.withdrawn", sorted(letter_ids(uow, fact.letter_idents).values()))


def _letters(uow: Uow, type: str, ids: Sequence[int]) -> Iterator[Notice]:
    for letter in letters_told(uow, ids):
        content = {
            "dunningLetterIdent": letter.letter_ident,
            "customerIdent": letter.customer_ident,
            "level": letter.level,
            "letterDate": letter.letter_date,
            "payUntil": letter.pay_until,
            "outstanding": {"amount": letter.outstanding, "currency": letter.currency},
            "demand": {"amount": letter.demand, "currency": letter.currency},
            "documentIdents": letter.document_idents,
        }
        yield Notice(type, f"dunning:{letter.letter_ident}", content)
