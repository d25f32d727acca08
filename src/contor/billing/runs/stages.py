"""The stages of billing a batch, each one frozen value; `bill.py` makes each of the ones before."""

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType
from typing import NamedTuple

from contor.billing.items import Code, End, Item, ReceivedDeposit
from contor.billing.papers import Origin, Paper, TaxedItem
from contor.billing.proposal import Counted
from contor.catalogue.types import Plan
from contor.contracts.advance import Step
from contor.contracts.types import Contract
from contor.documents.judge import IssuedDocument
from contor.kernel.errors import Problem
from contor.settings.groups import Days

Result = IssuedDocument | tuple[Problem, ...]
"""Of a paper: its document, or every reason against it."""


class Batch(NamedTuple):
    """Who is billed, and until when."""

    customers: Sequence[str]
    """Locked until the transaction ends."""
    cutoff: dt.datetime
    days: Days
    """The real one of each billing group, for the cut-off only selects: the date of documents and the day of taxes that no supply
    decides."""
    foresees: bool = False
    """Of a time that has not come: rates that are not known yet are the newest ones."""


class Proposed(NamedTuple):
    new: Sequence[Item]
    """Not stored yet, due or not."""
    due: Sequence[Item]
    """Stored ones, then new ones."""
    contracts: Mapping[int, Contract]
    plans: Mapping[int, Plan]
    deposits: Mapping[str, Sequence[ReceivedDeposit]]
    """By order."""
    steps: Mapping[str, Sequence[Step]]
    """By customer: how far its contracts are proposed then."""
    broken: Mapping[str, str]
    """Customer: why it cannot be billed. The stages behind add to it."""


class Priced(NamedTuple):
    items: Sequence[Item]
    """What is due, with its amounts."""
    extra: Sequence[Item]
    """Further rows of a period and credits, which are new."""
    usages: Sequence[tuple[int, int]]
    """Usage, and the item that bills it."""
    counted: Sequence[Counted]
    broken: Mapping[str, str]
    puts_off: bool
    """Whether a correction waits for what is billed anew of its period."""


class Taxed(NamedTuple):
    due: Sequence[TaxedItem]
    """Of the customers that can be billed."""
    broken: Mapping[str, str]
    faulty: Mapping[int, str] = MappingProxyType({})
    """Items that no document can bill, with the reason; what is due beside them is billed."""
    awaits: Mapping[int, Code] = MappingProxyType({})
    """Of these items those that go on by themselves, and why they wait."""
    counted: Set[Origin] = frozenset()
    """Items that were counted towards the threshold of distance sales, where others bear another tax for that."""


class Gated(NamedTuple):
    papers: Sequence[Paper]
    due: Sequence[TaxedItem]
    new: Sequence[Item]
    parked: Mapping[str, str]
    """Customer: the reason."""
    changed: Mapping[str, str]
    """Customer: why it is left to the next run."""
    out: Set[str] = frozenset()
    """Customers of whom nothing moves: in a preview not those who are beyond a bound, for it shows what they would be billed."""
    documents: Sequence[IssuedDocument] = ()
    """Frozen, not issued: of the papers, and what corrects their deposits before them."""
    results: Sequence[Result] = ()
    """Of the papers, in their order."""
    fingerprints: Mapping[str, str] = MappingProxyType({})
    """By customer, where someone compares them."""


NOTHING_DRAFTED = Gated((), (), (), MappingProxyType({}), MappingProxyType({}))


class Papers(NamedTuple):
    issuable: Sequence[Paper]
    due: Sequence[TaxedItem]
    """What stands on them, or is billed by being worth nothing."""
    new: Sequence[Item]
    below: Mapping[int, Code]
    """Items whose documents are too small today."""
    drafted: Gated = NOTHING_DRAFTED
    """... frozen, of those who are within bounds."""
    faulty: Mapping[int, str] = MappingProxyType({})
    """As in `Taxed`, with those that the drafts showed."""


class Issued(NamedTuple):
    results: Sequence[Result]
    """Of the papers, in their order."""
    ends: Mapping[int, End]
    """Of the items that were due, by number."""
