"""Keep what services answered: as proof at the customer, and for what waits for it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.tax.vat_numbers import tables
from contor.tax.vat_numbers.enquiries import Queued, is_over, put_off, take_out
from contor.tax.vat_numbers.events import VatNumbersChecked
from contor.tax.vat_numbers.services import Heard
from contor.tax.vat_numbers.types import ANSWERED, Asked, Provider


@shape
class Question:
    """What one service was asked, and what it said."""

    provider: Provider
    requester_vat_id: str | None
    asked: Asked
    heard: Heard


@shape
class Looked:
    """A number of the queue, with the questions about it in their order; none: the customer has it no more."""

    queued: Queued
    questions: tuple[Question, ...]


@shape
class KeepAnswers:
    looked: tuple[Looked, ...]


@operation("vat_number_check.keep", permission="customers.write")
def keep_answers(uow: Uow, command: KeepAnswers) -> None:
    """Store each question with its answer, and take out of the queue what needs no further one."""
    customers = sorted({it.queued.customer_ident for it in command.looked})
    uow.lock("vat_number_enquiry", customers)  # who puts something on the queue just now is waited for, and then hears of this
    contents = [one.heard.raw for looked in command.looked for one in looked.questions if one.heard.raw is not None]
    names = iter(uow.runtime.blobs.put_many(uow.ctx.tenant_id, contents) if contents else ())
    rows = [row for looked in command.looked for row in _rows(uow, looked, names)]
    uow.insert(tables.vat_number_check, rows)
    over = [it for it in command.looked if not it.questions or is_over(it.queued, answered=_is_answered(it))]
    ended = {it.queued.ident for it in over}
    take_out(uow, ended)
    put_off(uow, [it.queued for it in command.looked if it.queued.ident not in ended])
    _count(uow, over)
    for row in rows:
        uow.audit("vat_number_check", str(row["ident"]), {"status": row["status"], "provider": row["provider"]})
    for it in over:
        if not it.questions:
            uow.audit("vat_number_check", it.queued.ident, {"dropped": it.queued.vat_id})
    uow.emit(VatNumbersChecked(customer_idents=tuple(customers)))


def keep_heard(uow: Uow, customer_ident: str, vat_id: str, questions: Sequence[Question]) -> None:
    """Store what was asked about a number before its customer was there, as proof at him; in the transaction that makes him."""
    queued = Queued(customer_ident, vat_id, uow.new_ident(), None, "PERSON", None, 0)
    contents = [one.heard.raw for one in questions if one.heard.raw is not None]
    names = iter(uow.runtime.blobs.put_many(uow.ctx.tenant_id, contents) if contents else ())
    rows = list(_rows(uow, Looked(queued=queued, questions=tuple(questions)), names))
    uow.insert(tables.vat_number_check, rows)
    for row in rows:
        uow.audit("vat_number_check", str(row["ident"]), {"status": row["status"], "provider": row["provider"]})


def _is_answered(looked: Looked) -> bool:
    return bool(looked.questions) and looked.questions[-1].heard.outcome in ANSWERED


def _rows(uow: Uow, looked: Looked, names: Iterator[str]) -> Iterator[dict[str, object]]:
    """The last question has the ident that was promised."""
    for place, (number, one) in enumerate(zip(uow.next_ids(len(looked.questions)), looked.questions, strict=True), 1):
        heard = one.heard
        yield {
            "ident": looked.queued.ident if place == len(looked.questions) else uow.new_ident(),
            "id": number,
            "customer_ident": looked.queued.customer_ident,
            "vat_id": looked.queued.vat_id,
            "requester_vat_id": one.requester_vat_id,
            "provider": one.provider,
            "status": heard.outcome,
            "code": heard.code,
            "reason": heard.reason,
            "consultation_number": heard.consultation_number,
            "name": heard.name,
            "address": heard.address,
            "asked": one.asked,
            "matches": heard.matches,
            "valid_from": heard.valid_from,
            "valid_until": heard.valid_until,
            "checked_at": uow.ctx.now(),
            "sha256": next(names) if heard.raw is not None else None,
            "size": len(heard.raw) if heard.raw is not None else None,
        }


def _count(uow: Uow, over: Sequence[Looked]) -> None:
    """How far the checks of all numbers are by these."""
    jobs: dict[str, Counter[str]] = defaultdict(Counter)
    for it in over:
        if it.queued.job_ident is not None:
            jobs[it.queued.job_ident]["done"] += 1
            if it.questions:
                outcome = it.questions[-1].heard.outcome
                jobs[it.queued.job_ident][outcome if outcome in ANSWERED else "UNAVAILABLE"] += 1
    for ident, counted in sorted(jobs.items()):
        uow.run(
            "UPDATE vat_number_job SET done = done + %s, valid = valid + %s, invalid = invalid + %s, unavailable = unavailable + %s"
            " WHERE ident = %s",
            (counted["done"], counted["VALID"], counted["INVALID"], counted["UNAVAILABLE"], ident),
        )
