"""Statements of SWIFT: MT940 and MT942, as banks write them, also in blocks of a message. Pure.

The tags are read by `mt-940`, message by message; what stands in the lines for the holder of the account is read here (`purpose`).
"""

import copy
import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from contor.kernel.money import counted
from contor.kernel.shapes import Fields
from contor.payments.statements.read.purpose import part_of
from contor.payments.statements.read.values import compact, countable, reference_of, text_of, unreadable
from contor.payments.statements.types import Balance, Entry, Kind, Statement

if TYPE_CHECKING:
    from mt940.models import Transactions
    from mt940.tags import Tag

_BLOCK = re.compile(r"\{[1235]:[^{}]*(\{[^{}]*\}[^{}]*)*\}")
_BEGIN = re.compile(r"^:20:", re.MULTILINE)
_LINE = re.compile(r"^:61:", re.MULTILINE)
_BOOKING = re.compile(
    r"^:61:[ \t]*[0-9]{6}(?:[0-9]{4})?[ \t]*E?R?[CD][A-Z]?[ \t]*(?P<amount>[^A-Z\n]*)",
    re.MULTILINE | re.IGNORECASE,
)
_AMOUNT = re.compile(r"[0-9]+(,[0-9]*)?")
_LONGEST_AMOUNT = 15
"""Characters, the comma with them (SWIFT, field 61, subfield 5: 15d)."""
_SHOWN = 14
"""Of a line that cannot be read: its days and how its amount begins, no account and no name."""
_MARKS = re.compile(r"^:(61|86|60[FM]|62[FM]|25P?|28C?|34F|90[CD]|13D?):", re.MULTILINE)
_CURRENCY = re.compile(r"(.*[0-9])([A-Z]{3})")


class _Silent:
    """A log that keeps nothing: what cannot be read is somebody's account and name, and is said to the caller alone."""

    def debug(self, *_: object) -> None: ...

    info = warning = error = debug


@cache
def _tags() -> "dict[int | str, Tag]":
    """The library's tags, which log nothing; :61: also with a customer's reference of 34 characters, as some banks have it (an IBAN)."""
    from mt940 import tags

    def quiet(tag: tags.Tag) -> tags.Tag:
        made = copy.copy(tag)
        vars(made)["logger"] = _Silent()
        return made

    long = quiet(tags.StatementASNB())

    class Statement(tags.Statement):  # the library knows a tag by the name of its class
        def parse(self, transactions: "Transactions", value: str) -> dict[str, str | None]:
            try:
                return super().parse(transactions, value)
            except RuntimeError:
                return long.parse(transactions, value)

    return {number: quiet(tag) for number, tag in tags.TAG_BY_ID.items()} | {61: quiet(Statement())}


def is_swift(text: str) -> bool:
    return bool(_MARKS.search(text) or _BEGIN.search(text))


def read_swift(text: str) -> list[Statement]:
    """Each statement, its pages put together (60M, 62M). Raises Refused for what cannot be read."""
    text = _bare(text)
    messages = list(_messages(text))
    _refuse_unclear(text)
    pages = [_page(message) for message in messages]
    lines, found = len(_LINE.findall(text)), sum(len(page.entries) for page in pages)
    if lines != found:
        raise unreadable(f"The file holds {counted(lines, 'booking')} (:61:), {found} of which can be read.", "entries_lost")
    return list(_joined(pages))


def _refuse_unclear(text: str) -> None:
    """The library takes of an amount what it can read and the rest for other fields."""
    for found in _LINE.finditer(text):
        shown = text_of(text[found.end() : found.end() + _SHOWN].partition("\n")[0])
        where = f"The line {text.count(chr(10), 0, found.start()) + 1} (:61:), which begins with {shown!r},"
        booking = _BOOKING.match(text, found.start())
        if booking is None:
            message = (
                f"{where} is no booking: days (YYMMDD, MMDD), C or D, an amount with a decimal comma and the kind are expected."
            )
            raise unreadable(message)
        if not _AMOUNT.fullmatch(booking["amount"].strip()):
            raise unreadable(f"{where} has no amount: digits with a decimal comma are expected.", "amount_unreadable")
        if len(booking["amount"].strip()) > _LONGEST_AMOUNT:
            raise unreadable(f"{where} has an amount of more than {_LONGEST_AMOUNT} characters.", "amount_unreadable")


def _bare(text: str) -> str:
    """Without the blocks around the message (user header, trailer)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("{4:", "\n")
    text = _BLOCK.sub("", text)
    return re.sub(r"^-\}.*$", "-", text, flags=re.MULTILINE)


def _messages(text: str) -> Iterator[str]:
    starts = [found.start() for found in _BEGIN.finditer(text)]
    if not starts:
        raise unreadable("The file has no message that begins with :20:.", "statement_format_unknown")
    if _LINE.search(text, 0, starts[0]):
        raise unreadable("The file has bookings (:61:) before the first message (:20:).", "entries_lost")
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end]


def _kept(_: object, __: object, ___: object, result: Fields) -> Fields:
    """Lines for the account's holder as they stand: several of one booking are joined by the library."""
    return {"transaction_details": result.get("transaction_details") or ""}


def _page(message: str) -> Statement:
    from mt940 import Options
    from mt940.models import Transactions

    options = Options(reversal_sign=True, case_insensitive_marks=True, unbounded_details=True, merge_keeps_values=True)
    made = Transactions(processors={"post_transaction_details": [_kept]}, tags=_tags(), options=options)
    try:
        made.parse(message)
    except (RuntimeError, ValueError, ArithmeticError, KeyError, TypeError, AttributeError) as error:
        value = error.args[-1] if len(error.args) > 1 else ""
        begins = text_of(str(value), 30)
        raise unreadable(f"A line of the MT940 or MT942 cannot be read: it begins with {begins!r}.") from None
    data = made.data
    is_report = not any(name in data for name in ("final_opening_balance", "intermediate_opening_balance", "opening_balance"))
    is_report = is_report and bool(re.search(r"^:(34F|13D?|90[CD]):", message, re.MULTILINE))
    opening = _balance(data, ("final_opening_balance", False), ("opening_balance", False), ("intermediate_opening_balance", True))
    closing = _balance(data, ("final_closing_balance", False), ("closing_balance", False), ("intermediate_closing_balance", True))
    accounts, currency = _account(str(data.get("account_identification") or ""))
    currency = (opening.currency if opening else None) or made.currency or currency
    return Statement(
        form="MT942" if is_report else "MT940",
        kind=Kind.INTRADAY if is_report else Kind.END_OF_DAY,
        accounts=accounts,
        currency=currency,
        number=_number(data),
        opening=opening,
        closing=closing,
        entries=tuple([_entry(transaction.data, currency or "") for transaction in made if "amount" in transaction.data]),
    )


def _balance(data: Fields, *names: tuple[str, bool]) -> Balance | None:
    for name, is_page in names:
        if (found := data.get(name)) is not None:
            amount = found.amount
            return Balance(amount=_exact(amount.amount), currency=str(amount.currency), on=_day(found.date), is_page=is_page)
    return None


def _exact(amount: Decimal) -> Decimal:
    exact = amount.quantize(Decimal("0.0001"))
    if exact != amount:
        raise unreadable(f"The amount {amount} has more than 4 decimals.", "amount_unreadable")
    return exact


def _day(found: dt.date) -> dt.date:
    return countable(dt.date(found.year, found.month, found.day))


def _number(data: Fields) -> str | None:
    number, page = data.get("statement_number"), data.get("sequence_number")
    return text_of(f"{number}/{page}" if page else str(number), 35) if number else None


def _account(written: str) -> tuple[tuple[str, ...], str | None]:
    """What the bank calls the account, with and without the currency that some put behind it."""
    whole = compact(written)
    if not whole:
        return (), None
    found = _CURRENCY.fullmatch(whole)
    names = [found[1], whole] if found else [whole]
    names += [part for name in names for part in name.split("/") if len(part) > 4 and part != name]
    return tuple(dict.fromkeys(name[:100] for name in names)), found[2] if found else None


def _entry(data: Fields, currency: str) -> Entry:
    valued = _day(data["date"])
    booked = _day(data["entry_date"]) if data.get("entry_date") else valued
    amount, details = _exact(data["amount"].amount), str(data.get("transaction_details") or "")
    code, text, part = part_of(details, str(data.get("extra_details") or ""), str(data.get("customer_reference") or ""), amount)
    return Entry(
        amount=amount,
        currency=currency,
        booked_on=booked,
        valued_on=valued,
        reference=reference_of(data.get("bank_reference"), 255),
        parts=(part,),
        is_reversal=str(data.get("status") or "").upper().startswith("R"),
        code=code or text_of(data.get("id"), 100) or None,
        text=text,
    )


def _joined(pages: list[Statement]) -> Iterator[Statement]:
    """Pages as one statement: the next begins with what the one before ends with."""
    waiting: Statement | None = None
    for page in pages:
        if waiting is not None and _goes_on(waiting, page):
            waiting = Statement(
                form=waiting.form,
                kind=waiting.kind,
                accounts=waiting.accounts,
                currency=waiting.currency,
                number=waiting.number,
                opening=waiting.opening,
                closing=page.closing,
                entries=(*waiting.entries, *page.entries),
            )
            continue
        if waiting is not None:
            yield waiting
        waiting = page
    if waiting is not None:
        yield waiting


def _goes_on(before: Statement, page: Statement) -> bool:
    end, begin = before.closing, page.opening
    if before.accounts != page.accounts or begin is None or not begin.is_page:
        return False
    return end is None or (end.is_page and end.amount == begin.amount and end.currency == begin.currency)
