"""Make the files of letters: a job after the letters went out. It may lag behind, never hold the run."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.customers.queries import tax_status_of
from contor.documents.queries import documents_by_id
from contor.documents.request import Issued, with_parties_of_today
from contor.documents.types import Document
from contor.dunning.events import LettersFiled, LettersMade
from contor.dunning.letters.page import DebitBack, LetterPage, PageRow, render_letter
from contor.dunning.rules.interest import BUSINESS, CONSUMER
from contor.dunning.runs.runs import require_run
from contor.kernel.events import after
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import Site, sites

PER_JOB = 20
"""Letters of one job: what a worker loses when it is killed."""


@shape
class MakeFiles:
    letter_ids: tuple[int, ...]


class _Letter(NamedTuple):
    letter_id: int
    letter_ident: str
    run_ident: str
    customer_ident: str
    currency: str
    company: str
    level: int
    letter_date: dt.date
    pay_until: dt.date
    outstanding: Decimal
    costs: Decimal
    interest: Decimal
    demand: Decimal
    made_at: dt.datetime


class _Item(NamedTuple):
    letter_id: int
    document_id: int
    document_ident: str
    document_date: dt.date
    due_date: dt.date
    opening: Decimal
    outstanding: Decimal
    level: int
    fee: Decimal
    flat: Decimal
    interest: Decimal
    interest_from: dt.date | None
    interest_until: dt.date | None
    interest_deducted: Decimal | None
    earlier_fees: Decimal | None
    earlier_flat: Decimal | None
    earlier_interest: Decimal | None
    earlier_interest_from: dt.date | None
    earlier_interest_until: dt.date | None
    return_costs: Decimal | None


class _Returned(NamedTuple):
    """The last debit of a document that came back before its letter."""

    letter_id: int
    document_ident: str
    drawn_on: dt.date
    returned_on: dt.date


_RETURNS = """
SELECT DISTINCT ON (i.letter_id, i.due_date, i.document_id) i.letter_id, i.document_ident, r.drawn_on, r.returned_on
  FROM dunning_letter l JOIN dunning_item i ON i.tenant_id = l.tenant_id AND i.letter_id = l.letter_id AND i.outstanding > 0
  JOIN dunning_return r ON r.tenant_id = i.tenant_id AND r.document_id = i.document_id AND r.returned_on <= l.letter_date
 WHERE l.letter_id = ANY (%s) AND l.level = 1 AND r.drawn_on IS NOT NULL
 ORDER BY i.letter_id, i.due_date, i.document_id, r.returned_on DESC, r.drawn_on DESC
"""


_LETTERS = f"SELECT {columns(_Letter)} FROM dunning_letter WHERE letter_id = ANY (%s) AND made_at IS NOT NULL"


def _per_job(fact: LettersMade) -> Iterator[MakeFiles]:
    for start in range(0, len(fact.letter_ids), PER_JOB):
        yield MakeFiles(letter_ids=fact.letter_ids[start : start + PER_JOB])


@after(LettersMade, batches=_per_job, place="files")
@operation("dunning_letter.make_files", permission="bookkeeping.write")
def make_files(uow: Uow, command: MakeFiles) -> int:
    """Render and keep the files of those letters that have none yet; how many that were."""
    letters = uow.all(_Letter, f"{_LETTERS} AND file_sha256 IS NULL ORDER BY letter_id FOR UPDATE", (list(command.letter_ids),))
    if not letters:
        return 0
    pages = pages_of(uow, letters)
    newest = documents_by_id(uow, {document for _, document in pages.values()})
    known = sites(uow)
    issued = [
        _headed(known, letter.company, page.head, newest[document])
        for letter in letters
        for page, document in [pages[letter.letter_id]]
    ]
    files = []
    for letter, document in zip(letters, with_parties_of_today(uow, issued), strict=True):
        uow.runtime.go_on()
        files.append(render_letter(pages[letter.letter_id][0], document))
    names = uow.runtime.blobs.put_many(uow.ctx.tenant_id, files)
    for letter, content, name in zip(letters, files, names, strict=True):
        sql = "UPDATE dunning_letter SET file_sha256 = %s, file_size = %s WHERE letter_id = %s"
        uow.run(sql, (name, len(content), letter.letter_id))
        uow.audit("dunning_letter", letter.letter_ident, {"file": name})
    uow.emit(LettersFiled(letter_ids=tuple(letter.letter_id for letter in letters)))
    return len(letters)


def letters_of(uow: Uow, letter_ids: Collection[int]) -> list[_Letter]:
    """Those that went out, in their order."""
    return uow.all(_Letter, f"{_LETTERS} ORDER BY letter_id", (sorted(letter_ids),))


def pages_of(uow: Uow, letters: Sequence[_Letter]) -> dict[int, tuple[LetterPage, int]]:
    """What stands on each letter, and the newest document that it is about."""
    sql = f"SELECT {columns(_Item)} FROM dunning_item WHERE letter_id = ANY (%s) ORDER BY letter_id, due_date, document_id"
    items: dict[int, list[_Item]] = defaultdict(list)
    for item in uow.all(_Item, sql, ([letter.letter_id for letter in letters],)):
        items[item.letter_id].append(item)
    returned: dict[int, list[DebitBack]] = defaultdict(list)
    for one in uow.all(_Returned, _RETURNS, ([letter.letter_id for letter in letters],)):
        returned[one.letter_id].append(DebitBack(one.document_ident, one.drawn_on, one.returned_on))
    status = tax_status_of(uow, {letter.customer_ident for letter in letters})
    settings = {ident: require_run(uow, ident).settings for ident in {letter.run_ident for letter in letters}}
    found = {}
    for letter in letters:
        configuration, rows = settings[letter.run_ident], items[letter.letter_id]
        customer = status.get(letter.customer_ident)
        page = LetterPage(
            ident=letter.letter_ident,
            letter_date=letter.letter_date,
            pay_until=letter.pay_until,
            level=letter.level,
            currency=letter.currency,
            rows=tuple(_row(item) for item in rows),
            outstanding=letter.outstanding,
            costs=letter.costs,
            interest=letter.interest,
            demand=letter.demand,
            points=CONSUMER if customer is not None and customer.customer_type == "B2C" else BUSINESS,
            text=configuration.levels[letter.level - 1].text,
            english_text=configuration.levels[letter.level - 1].english_text,
            last=_last(letter, rows, configuration.collection_after_level),
            returned=tuple(returned[letter.letter_id]),
            kind=configuration.levels[letter.level - 1].kind,
            head=configuration.levels[letter.level - 1].operating_site_ident,
            made_at=letter.made_at,
        )
        found[letter.letter_id] = (page, max(item.document_id for item in rows if item.outstanding > 0))
    return found


def _headed(known: Mapping[str, Site], company: str, head: str | None, document: Document) -> Issued:
    """With the site whose head its level wants, if that is of the company that issued the document; else as it was issued."""
    site = known.get(head or "")
    if site is None or site.legal_entity != company:
        return Issued(document, company)
    return Issued(replace(document, operating_site_ident=site.ident), company)


def _last(letter: _Letter, rows: Sequence[_Item], collection_after_level: int | None) -> tuple[str, ...]:
    """The documents that go to collection after a last letter; others are on it that are not dunned so far."""
    if letter.level != collection_after_level:
        return ()
    return tuple(item.document_ident for item in rows if item.outstanding > 0 and item.level == collection_after_level)


def _row(item: _Item) -> PageRow:
    return PageRow(
        ident=item.document_ident,
        document_date=item.document_date,
        due_date=item.due_date,
        opening=item.opening,
        outstanding=item.outstanding,
        level=item.level,
        fee=item.fee,
        flat=item.flat,
        interest=item.interest,
        interest_from=item.interest_from,
        interest_until=item.interest_until,
        interest_deducted=item.interest_deducted or ZERO,
        earlier_fees=item.earlier_fees or ZERO,
        earlier_flat=item.earlier_flat or ZERO,
        earlier_interest=item.earlier_interest or ZERO,
        earlier_interest_from=item.earlier_interest_from,
        earlier_interest_until=item.earlier_interest_until,
        return_costs=item.return_costs or ZERO,
    )
