"""Bill a batch of customers in one transaction: what is due becomes items, items become documents, documents are issued. Changes of
contracts whose day has come take effect before.

`bill_customers` reads from top to bottom. Each stage is one frozen value, and one function makes it of the ones before:

    Proposed  the items of every period that has begun, and the stored ones that are due
    Priced    every item with its amount: usages are rated, commissions counted, credits within what is left to be credited
    Taxed     every item with its tax, that of the day on which the supply is completed
    Papers    the documents on which they stand; reductions, payments and small amounts that wait; faulty items, which are left out
    Gated     who is billed, who is parked, who is left to the next run
    Issued    the documents, and the outcome of each item

Nothing is written before the last decision: `park` is the first to write (accounting reference 9, "concurrent change", "parking").
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from contor.billing import tables
from contor.billing.corrections import within_rests
from contor.billing.events import ItemsBilled
from contor.billing.items import PRICED_WHEN_BILLED, Code, at_origin, finish, number_source, set_amounts, store, wait
from contor.billing.papers import LeftOut, as_proposed, hold_small, rated_papers, switches_of, taxes_of, with_words
from contor.billing.proposal import earn, fill, keep_counted, propose, stored_due
from contor.billing.runs.bills import bills_of
from contor.billing.runs.bounds import bounds_of, last_bills
from contor.billing.runs.customers import claim
from contor.billing.runs.ends import ends_of, faults_of, is_awaited, named, uncounted, with_beside
from contor.billing.runs.fingerprint import differing, fingerprints
from contor.billing.runs.gate import NO_BOUNDS, NOTHING_YET, beyond, drafts_of, short_of_numbers
from contor.billing.runs.outcome import BilledBatch, BillNext, added, sum_of
from contor.billing.runs.parking import accepted, use_up
from contor.billing.runs.stages import Batch, Gated, Issued, Papers, Priced, Proposed, Result, Taxed
from contor.contracts.advance import advance
from contor.contracts.amend import take_effect
from contor.documents.issue import draft_requests
from contor.documents.issue import issue as issue_documents
from contor.documents.judge import IssuedDocument
from contor.kernel.operations import operation
from contor.rated_usage.aggregate import mark_rated_billed
from contor.runtime.uow import Uow
from contor.settings.numbers import numbers_left
from contor.settings.queries import days_of_groups
from contor.usage.queries import mark_billed

NOT_AS_PREVIEWED = "it would be billed something else than was previewed: {0} changed"


@operation("billing.bill_next", permission="contracts.write")
def bill_next(uow: Uow, command: BillNext) -> BilledBatch:
    """Bill the next customers that have something due."""
    customers = claim(uow, command)
    return bill_customers(uow, customers, command) if customers else BilledBatch(last=None)


def bill_customers(
    uow: Uow,
    customers: Sequence[str],
    command: BillNext,
    expected: Mapping[str, str] | None = None,
    left_out: LeftOut = frozenset(),
) -> BilledBatch:
    """Bill these customers, which the caller has locked. `expected`: fingerprints of what was previewed; whoever would be billed
    something else is left out, and nothing of it moves. `left_out`: see `at_destination`."""
    take_effect(uow, customers, command.cutoff)
    batch = Batch(customers, command.cutoff, days_of_groups(uow), command.foresees)
    next_id = number_source(uow).__next__  # one source for all stages: ids come in blocks, what is left of one is lost

    proposed = propose_due(uow, batch, next_id)
    priced = limit(uow, price(uow, proposed, next_id), next_id)
    taxed = tax(uow, batch, priced, left_out)
    papers = lay_out(uow, batch, proposed, priced, taxed, command)
    gated = gate(uow, papers, expected or {})
    if late := uncounted(taxed, gated):  # they crossed the threshold of distance sales for others, and are not billed after all
        return bill_customers(uow, customers, command, expected, left_out | late)

    park(uow, gated.parked)
    issued = issue(uow, gated, papers.faulty, taxed.awaits)
    write(uow, batch, proposed, priced, papers, gated, issued)
    return report(batch, papers, gated, issued, command.is_detailed, puts_off=priced.puts_off)


# --- the stages ------------------------------------------------------------------------------------------------------------------


def propose_due(uow: Uow, batch: Batch, next_id: Callable[[], int]) -> Proposed:
    """The items of every period that has begun, and the stored ones that are due."""
    proposal = propose(uow, batch.customers, batch.cutoff, next_id)
    stored = stored_due(uow, batch.customers, batch.cutoff)
    return Proposed(
        new=proposal.items,
        # a period may begin before it is due: at its end, or after a delay
        due=[item for item in [*stored.items, *proposal.items] if item.processing_at < batch.cutoff],
        contracts=stored.contracts | proposal.contracts,
        plans=stored.plans | proposal.plans,
        deposits=stored.deposits,
        steps=proposal.steps,
        broken=proposal.broken,
    )


def price(uow: Uow, proposed: Proposed, next_id: Callable[[], int]) -> Priced:
    """Rate the usages of what is due, and count what partners earn."""
    filled = fill(uow, proposed.due, proposed.contracts, proposed.plans, next_id)
    earned = earn(uow, filled.items, proposed.contracts)
    return Priced(earned.items, filled.extra, filled.usages, earned.counted, {**proposed.broken, **filled.broken}, filled.puts_off)


def limit(uow: Uow, priced: Priced, next_id: Callable[[], int]) -> Priced:
    """Credits take back no more than what credits by hand have left."""
    within = within_rests(uow, [*priced.items, *priced.extra], next_id)
    return priced._replace(
        items=[within.of.get(item.item_id, item) for item in priced.items],
        extra=[*(within.of.get(item.item_id, item) for item in priced.extra), *within.beside],
    )


def tax(uow: Uow, batch: Batch, priced: Priced, left_out: LeftOut = frozenset()) -> Taxed:
    """The tax of each item. One whose tax cannot be determined is not billed, and says why; what stands beside it is. A partner whose
    commissions cannot be taxed is parked, so that nothing that was earned counts as billed. `left_out`: see `at_destination`."""
    items = at_origin(uow, [*priced.items, *priced.extra])
    dated = [(item, batch.days.today(item.header.billing_group_ident)) for item in items]
    rows, counted = taxes_of(uow, batch.customers, dated, left_out)
    broken = dict(priced.broken)
    for row in rows:  # what a partner has to agree to, or to be, concerns all of it; the first reason stays
        if row.tax.problem is not None and row.item.business_case.startswith("SELF_BILLED"):
            broken.setdefault(row.item.header.customer_ident, row.tax.problem)
    due = [row for row in rows if row.item.header.customer_ident not in broken]
    unknown = {row.item.item_id: f"{named(row.item)}: {row.tax.problem}" for row in due if row.tax.problem is not None}
    if not unknown:
        return Taxed(due, broken, counted=counted)
    within, awaits = [row.item for row in due], {row.item.item_id: row.awaits for row in due if row.awaits is not None}
    return Taxed(due, broken, with_beside(unknown, within), with_beside(awaits, within), counted)


def lay_out(uow: Uow, batch: Batch, proposed: Proposed, priced: Priced, taxed: Taxed, command: BillNext) -> Papers:
    """The documents, drafted. One item's finding is its own matter: they are laid out again without it, and it alone is not billed."""
    papers = stand_on(uow, batch, proposed, priced, taxed)
    drafted = draft(uow, batch, papers, taxed.broken, command)
    if found := faults_of(drafted.papers, drafted.results):
        return lay_out(uow, batch, proposed, priced, taxed._replace(faulty={**taxed.faulty, **found}), command)
    return papers._replace(drafted=drafted, faulty=taxed.faulty)


def stand_on(uow: Uow, batch: Batch, proposed: Proposed, priced: Priced, taxed: Taxed) -> Papers:
    """Split the items into documents. What only pays waits for an invoice that is large enough, and so does a document that is
    smaller than its billing group wants."""
    switches = switches_of(uow)
    sound = [row for row in taxed.due if row.item.item_id not in taxed.faulty] if taxed.faulty else taxed.due
    papers, waiting, apart = rated_papers(uow, sound, switches, batch.days, proposed.deposits, batch.foresees)
    carried = [paper for paper in papers if paper.items[0].item_id not in apart]  # no later bill is at their rate
    _, below = hold_small(carried, switches, proposed.contracts, batch.days)
    issuable = [paper for paper in papers if paper.items[0].item_id not in below]
    amounts = {item.item_id: item for item in priced.items}
    new = [amounts.get(item.item_id, item) for item in [*proposed.new, *priced.extra]]
    out = waiting | below.keys()
    due = [row for row in taxed.due if row.item.item_id not in out] if out else taxed.due
    return Papers(with_words(uow, issuable), due, as_proposed(new, proposed.new, below), below)


def gate(uow: Uow, papers: Papers, expected: Mapping[str, str]) -> Gated:
    """Who is billed: not those who are broken or beyond the tenant's bounds, nor those whose bill is not the one that was previewed or
    for whose documents no number is left."""
    return numbered(uow, as_expected(papers.drafted, expected))


def draft(uow: Uow, batch: Batch, papers: Papers, broken: Mapping[str, str], command: BillNext) -> Gated:
    """The documents, frozen, of those who are neither broken nor beyond the tenant's bounds; with a fingerprint of each customer's, which
    takes time, only where someone compares it."""
    parked = {**broken, **beyond_bounds(uow, papers, broken, command)}
    gated = without(Gated(papers.issuable, papers.due, papers.new, parked, {}), broken if command.is_preview else parked)
    documents, ends = draft_requests(uow, [(paper.document_type, paper.request) for paper in gated.papers if paper.problem is None])
    left = iter(ends)
    results: list[Result] = [next(left) if paper.problem is None else (paper.problem,) for paper in gated.papers]
    due = [row.item for row in gated.due] if command.is_detailed else []
    return gated._replace(documents=documents, results=results, fingerprints=fingerprints(gated.papers, documents, due, batch.days))


def as_expected(gated: Gated, expected: Mapping[str, str]) -> Gated:
    """Who would be billed something else than was previewed is left to the next run."""
    changed = {
        customer: NOT_AS_PREVIEWED.format(differing(wanted, now))
        for customer, wanted in expected.items()
        if customer not in gated.parked and (now := gated.fingerprints.get(customer, "")) != wanted
    }
    return without(gated._replace(changed=changed), changed)


def numbered(uow: Uow, gated: Gated) -> Gated:
    """Whose documents get no number is parked."""
    left = numbers_left(uow, [(one.series, one.document.document_date) for one in gated.documents if one.series is not None])
    short = short_of_numbers(gated.documents, left)
    return without(gated._replace(parked={**gated.parked, **short}), short) if short else gated


def beyond_bounds(uow: Uow, papers: Papers, broken: Mapping[str, str], command: BillNext) -> dict[str, str]:
    """Who is beyond the tenant's bounds and was not released since, with the reason."""
    bounds = NO_BOUNDS if command.is_asked_for else bounds_of(uow)
    if bounds == NO_BOUNDS:
        return {}
    drafts = drafts_of(papers.issuable, [row.item for row in papers.due])
    judged = drafts.keys() - broken.keys() - accepted(uow, drafts)
    last = last_bills(uow, bounds, sorted(judged))
    reasons = {customer: beyond(drafts[customer], bounds, last.get(customer, NOTHING_YET)) for customer in judged}
    return {customer: reason for customer, reason in reasons.items() if reason is not None}


def without(gated: Gated, out: Collection[str]) -> Gated:
    """Nothing of these customers moves."""
    if not out:
        return gated
    kept = [n for n, paper in enumerate(gated.papers) if paper.request.customer_detail.customer_ident not in out]
    return gated._replace(
        papers=[gated.papers[n] for n in kept],
        results=[gated.results[n] for n in kept] if gated.results else (),
        documents=[one for one in gated.documents if one.document.customer_ident not in out],
        due=[row for row in gated.due if row.item.header.customer_ident not in out],
        new=[item for item in gated.new if item.header.customer_ident not in out],
        out=gated.out | set(out),
    )


def park(uow: Uow, parked: Mapping[str, str]) -> None:
    """Whoever cannot be billed stays out of further runs until someone releases it."""
    now = uow.ctx.now()
    uow.insert(
        tables.billing_parking,
        [{"customer_ident": customer, "reason": reason, "parked_at": now} for customer, reason in sorted(parked.items())],
    )
    for customer, reason in parked.items():
        uow.audit("billing_parking", customer, {"parked": reason})
    use_up(uow, parked)


def issue(uow: Uow, gated: Gated, faulty: Mapping[int, str], awaits: Mapping[int, Code]) -> Issued:
    """Issue the documents; an item on one that is refused has an error and is tried again when someone asks for it."""
    issue_documents(uow, gated.documents)
    return Issued(gated.results, ends_of(gated.papers, gated.results, [row.item for row in gated.due], faulty, awaits))


def write(uow: Uow, batch: Batch, proposed: Proposed, priced: Priced, papers: Papers, gated: Gated, issued: Issued) -> None:
    """Store the new items and the outcome of the stored ones, mark what they bill, move the contracts on."""
    ends, out, fresh = issued.ends, gated.out, {item.item_id for item in gated.new}
    store(uow, gated.new, ends)
    finish(uow, [(number, end) for number, end in ends.items() if number not in fresh])
    set_amounts(
        uow,
        {
            it.item_id: it.row
            for it in priced.items
            if (it.kind in PRICED_WHEN_BILLED or it.reason) and not it.is_new and it.item_id in ends
        },
    )
    keep_counted(uow, priced.counted, {number for number, end in ends.items() if end.document_id is not None})
    # usages of an item with an error stay open: they are rated again with it
    mark_billed(uow, [(usage, item) for usage, item in priced.usages if item in ends and not ends[item].error])
    mark_rated_billed(
        uow, [row.item.item_id for row in gated.due if row.item.kind == "RATED_USAGE" and not ends[row.item.item_id].error]
    )
    groups = {
        item.item_id: item.header.billing_group_ident for item in [*proposed.due, *priced.extra] if item.item_id in papers.below
    }
    wait(uow, {number: (papers.below[number], batch.days.today(group)) for number, group in groups.items()})
    # of those who are out no contract moves on: the next run proposes the same periods again
    advance(uow, [step for customer, steps in proposed.steps.items() if customer not in out for step in steps])
    use_up(uow, {row.item.header.customer_ident for row in gated.due})
    issued_papers = [
        (result.id, paper) for paper, result in zip(gated.papers, issued.results, strict=True) if isinstance(result, IssuedDocument)
    ]
    if issued_papers:
        billed = tuple((number, paper.items) for number, paper in issued_papers)
        uow.emit(ItemsBilled(document_ids=tuple(number for number, _ in billed), papers=billed))
    told = out | {paper.request.customer_detail.customer_ident for _, paper in issued_papers}
    proposed_of = Counter(item.header.customer_ident for item in gated.new)
    for customer in batch.customers:  # documents and who is parked are in the trail by themselves
        if customer not in told:
            uow.audit("customer", customer, {"items_proposed": proposed_of[customer]})


def report(batch: Batch, papers: Papers, gated: Gated, issued: Issued, is_detailed: bool, *, puts_off: bool) -> BilledBatch:
    """Counts and sums of the batch, and the bill of each customer where details were asked for. `puts_off`: see `Priced`."""
    documents = [result for result in issued.results if isinstance(result, IssuedDocument)]
    failed = sum(1 for end in issued.ends.values() if end.error)
    due = [row.item for row in papers.due]
    return BilledBatch(
        last=batch.customers[-1],
        customers=len(batch.customers),
        documents=len(documents),
        billed=len(gated.due) - failed,
        waiting=len(gated.new) - sum(1 for item in gated.new if item.item_id in issued.ends),
        failed=failed,
        parked=tuple(sorted(gated.parked)),
        sums=added(sum_of(document) for document in documents),
        bills=bills_of(due, issued.ends, documents, gated) if is_detailed else (),
        awaited=sum(1 for item in due if is_awaited(item, issued.ends.get(item.item_id), puts_off=puts_off)),
    )
