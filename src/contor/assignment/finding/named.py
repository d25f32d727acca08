"""The documents that payments name, each by the first way that finds any: our own reference, that of a dunning letter, the printed one, the
account's expressions, the numbers in the text; last what may be a number misread, which is only suggested.

Who names a letter names all of its documents. What else he names with it says more only where that is what he pays to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.assignment.matching import (
    amounts_beside,
    apart,
    candidates,
    compact_keys,
    confused,
    document_numbers,
    has_four_digits,
    is_sure,
    may_have_four_digits,
)
from contor.assignment.types import Reason, RegexStrategy, Rule, TargetType
from contor.documents.naming import documents_named, own_first
from contor.documents.queries import documents_of_orders
from contor.dunning.runs import LetterNamed, letters_named
from contor.openitems.keys import compact
from contor.openitems.stored import CaseNamed, cases_by_number, open_cases_by_number, open_cases_by_reference
from contor.payments.intents import documents_of_references
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


class Naming(NamedTuple):
    """What one way of looking has found, in the order of the text."""

    rule: Rule
    documents: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    target_type: TargetType = "DOCUMENT"
    strategy: str | None = None
    unsure: bool = False
    """Only to be suggested."""
    reason: Reason | None = None
    """Why nothing was found."""
    said: Mapping[str, Decimal] = {}
    """What the payer writes beside each number."""
    collected: bool = False
    """It is the money of an attempt of ours to collect it."""
    instead: str = ""
    """Which documents stand in the place of those that are named."""
    letters: Mapping[int, int] = {}
    """By document the letter that asks for it, the last one that is named."""
    exact: bool = False
    """Only where it is to the cent what is paid: of another amount another way says more."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A payment's text, cut up."""

    payment: StoredPayment
    strategies: Sequence[RegexStrategy]
    keys: Mapping[str, tuple[int, int]]
    called: tuple[str, ...]
    """What it is called by those who collected it."""
    own: tuple[str, ...]
    """The same, as keys."""
    numbers: tuple[str, ...]


class _Collected(NamedTuple):
    """A document that was collected under a reference."""

    document_id: int
    ident: str


class _Found(NamedTuple):
    """What there is of all that the texts say."""

    collected: Mapping[str, Sequence[_Collected]]
    """By our reference, or the provider's."""
    references: Mapping[str, Sequence[CaseNamed]]
    numbers: Mapping[str, Sequence[CaseNamed]]
    """By key."""
    idents: Mapping[str, Sequence[int]]
    """By the number itself, of whoever's company it is."""
    orders: Mapping[str, Sequence[int]]
    letters: Mapping[str, LetterNamed]
    """By key."""


def named_by(
    uow: Uow, payments: Sequence[StoredPayment], strategies: Mapping[str, Sequence[RegexStrategy]]
) -> dict[str, list[Naming]]:
    """By ident of the payment. `strategies`: of each account."""
    read = [_read(payment, strategies.get(payment.account_ident, ())) for payment in payments]
    by_strategy = {it.payment.ident: [candidates(strategy, it.payment.text) for strategy in it.strategies] for it in read}
    found = _looked_up(uow, read, by_strategy)
    named = {it.payment.ident: _namings(it, by_strategy[it.payment.ident], found) for it in read}
    _misread(uow, [it for it in read if not any(naming.documents for naming in named[it.payment.ident])], named)
    return named


def _read(payment: StoredPayment, strategies: Sequence[RegexStrategy]) -> _Read:
    called = tuple(it for it in (payment.end_to_end_ident, payment.provider_reference) if it)
    batch = tuple(reference for reference, _ in payment.batch)
    numbers = (*batch, *document_numbers(payment.text))
    return _Read(payment, strategies, compact_keys(payment.text), called, tuple(map(compact, called)), numbers)


def _looked_up(uow: Uow, read: Sequence[_Read], by_strategy: Mapping[str, Sequence[tuple[str, ...] | Reason]]) -> _Found:
    keys = {key for it in read for key in (*it.keys, *it.own)}
    names = {number for it in read for number in it.numbers}
    orders: set[str] = set()
    for it in read:
        for strategy, made in zip(it.strategies, by_strategy[it.payment.ident], strict=True):
            if not isinstance(made, Reason):
                (orders if strategy.target_type == "ORDER" else names).update(made)
    references = open_cases_by_reference(uow, sorted(keys))
    numbers = open_cases_by_number(uow, sorted(key for key in keys if has_four_digits(key)))
    idents = _own_of(uow, cases_by_number(uow, sorted(names | {one.ident for one in numbers})))
    return _Found(
        _collected(uow, sorted({name for it in read for name in it.called})),
        _by_key(references),
        _by_key([one for one in numbers if one.document_id in idents.get(one.ident, ())]),
        idents,
        documents_of_orders(uow, sorted(orders)) if orders else {},
        letters_named(uow, keys),
    )


def _collected(uow: Uow, references: Sequence[str]) -> dict[str, list[_Collected]]:
    """What came in by an attempt of ours to collect it."""
    found: dict[str, list[_Collected]] = {}
    for row in documents_of_references(uow, references):
        if row.type == "CHARGE":
            found.setdefault(row.reference, []).append(_Collected(row.document_id, row.document_ident))
    return found


def _by_key(rows: Sequence[CaseNamed]) -> dict[str, list[CaseNamed]]:
    found: dict[str, list[CaseNamed]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return found


def _own_of(uow: Uow, rows: Sequence[CaseNamed]) -> dict[str, list[int]]:
    """By number the documents with it; what was taken over from another seller never gets what names a number of ours, be ours open or
    not."""
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.ident, []).append(row.document_id)
    several = [ident for ident, ids in found.items() if len(ids) > 1]
    if several:
        named = documents_named(uow, several)
        for ident in several:
            kept = {row.id for row in own_first(uow, named[ident])}
            found[ident] = [number for number in found[ident] if number in kept]
    return found


def _namings(it: _Read, by_strategy: Sequence[tuple[str, ...] | Reason], found: _Found) -> list[Naming]:
    if it.payment.batch:
        return [_of_numbers(Rule.BATCH_ITEMS, [reference for reference, _ in it.payment.batch], found)]
    made = _of_collecting(it, found)
    if not (letter := _of_letters(it, found)):
        return [*made, *_in_what_is_written(it, by_strategy, found)]
    others = [one._replace(exact=True) for one in _in_what_is_written(it, by_strategy, found)]
    return [*made, letter._replace(exact=True), *others, letter]


def _of_collecting(it: _Read, found: _Found) -> list[Naming]:
    """What it is called by those who collected it."""
    made = []
    if collected := [one for name in it.called for one in found.collected.get(name, ())]:
        theirs = tuple(dict.fromkeys(one.document_id for one in collected))
        made.append(Naming(Rule.OWN_REFERENCE, theirs, tuple(dict.fromkeys(one.ident for one in collected)), collected=True))
    own = [one for key in it.own for one in (*found.references.get(key, ()), *found.numbers.get(key, ()))]
    if own:
        made.append(Naming(Rule.OWN_REFERENCE, _ids(own), tuple(dict.fromkeys(one.ident for one in own))))
    return made


def _of_letters(it: _Read, found: _Found) -> Naming | None:
    """The documents of the letters whose numbers it carries."""
    own = [key for key in it.own if key in found.letters and key not in found.numbers]
    letters = [found.letters[key] for key in dict.fromkeys(own or _letter_keys(it, found))]
    if not letters:
        return None
    last = {number: letter.letter_id for letter in sorted(letters) for number in letter.document_ids}
    rule = Rule.OWN_REFERENCE if own else Rule.PAYMENT_REFERENCE
    return Naming(rule, tuple(last), tuple(letter.ident for letter in letters), letters=last)


def _letter_keys(it: _Read, found: _Found) -> list[str]:
    """The letters that its text names: what is a document's number as well, or part of one, is that."""
    if not found.letters:
        return []
    by_start: dict[int, str] = {}
    for key in sorted((key for key in it.keys if key in found.letters), key=lambda key: it.keys[key]):
        by_start.setdefault(it.keys[key][0], key)  # the shorter one: an amount may follow
    letters = {*by_start.values()} - found.numbers.keys()
    whole = apart(it.keys, (key for key in it.keys if key in letters or key in found.numbers or key in found.references))
    return [key for key in whole if key in letters]


def _in_what_is_written(it: _Read, by_strategy: Sequence[tuple[str, ...] | Reason], found: _Found) -> list[Naming]:
    made = []
    # the printed reference is our own: it says more than any number that stands in the text beside it
    referred = [one for key in apart(it.keys, (key for key in it.keys if key in found.references)) for one in found.references[key]]
    if referred:
        made.append(Naming(Rule.PAYMENT_REFERENCE, _ids(referred), tuple(dict.fromkeys(one.ident for one in referred))))
    for strategy, names in zip(it.strategies, by_strategy, strict=True):
        if isinstance(names, Reason):
            made.append(Naming(Rule.STRATEGY, strategy=strategy.ident, reason=names))
            if names is Reason.SEVERAL_MATCHES:  # the account wants none of them
                return made
        elif strategy.target_type == "ORDER":
            documents = dict.fromkeys(number for order in names for number in found.orders.get(order, ()))
            made.append(Naming(Rule.STRATEGY, tuple(documents), names, "ORDER", strategy.ident))
        else:
            made.append(_of_numbers(Rule.STRATEGY, names, found)._replace(strategy=strategy.ident))
    made.append(_in_text(it, found))
    return made


def _of_numbers(rule: Rule, numbers: Sequence[str], found: _Found) -> Naming:
    documents = dict.fromkeys(document for number in numbers for document in found.idents.get(number, ()))
    return Naming(rule, tuple(documents), tuple(number for number in numbers if number in found.idents))


def _in_text(it: _Read, found: _Found) -> Naming:
    """The numbers as they stand, and those with other blanks, hyphens or line ends than their own."""
    if not it.numbers and not any(key in found.numbers for key in it.keys):
        return Naming(Rule.DOCUMENT_NUMBER, reason=Reason.NO_MATCH)
    named = [number for number in it.numbers if number in found.idents]
    as_they_are = {compact(number) for number in named}
    letters = _letter_keys(it, found)
    whole = apart(it.keys, (key for key in it.keys if key in found.numbers or key in as_they_are or key in letters))
    named = [number for number in named if compact(number) in whole or compact(number) not in it.keys]
    broken = [one.ident for key in whole for one in found.numbers.get(key, ())]
    sure = list(dict.fromkeys((*[number for number in named if is_sure(number)], *broken)))
    if sure:
        documents = dict.fromkeys(
            [document for number in sure for document in found.idents.get(number, ())]
            + [one.document_id for key in whole for one in found.numbers.get(key, ())]
        )
        return Naming(Rule.DOCUMENT_NUMBER, tuple(documents), tuple(sure), said=amounts_beside(it.payment.text, sure))
    return _of_numbers(Rule.DOCUMENT_NUMBER, named, found)._replace(unsure=bool(named))


def _misread(uow: Uow, read: Sequence[_Read], named: dict[str, list[Naming]]) -> None:
    """O for 0 and I for 1, where nothing else was found."""
    variants = {
        it.payment.ident: dict.fromkeys(
            variant for key in it.keys if may_have_four_digits(key) for variant in confused(key) if has_four_digits(variant)
        )
        for it in read
    }
    found = _by_key(open_cases_by_number(uow, sorted({variant for of_one in variants.values() for variant in of_one})))
    for ident, of_one in variants.items():
        meant = [one for variant in of_one for one in found.get(variant, ())]
        if meant:
            named[ident].append(Naming(Rule.DOCUMENT_NUMBER, _ids(meant), tuple(one.ident for one in meant), unsure=True))


def _ids(rows: Sequence[CaseNamed]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.document_id for one in rows))
