"""What stands in an MT940 for the holder of the account (:86: and below :61:), in the forms that banks give it. Pure.

German banks: a code of three digits, then fields ?20 to ?29 with the text, joined without blanks, in which SVWZ+, EREF+ and others begin
parts; ?32 the name, ?31 the account. Dutch banks: words between slashes (/EREF/, /NAME/, /REMI/). Others: plain lines.
Source: DK Anlage 3 (MT940), the banks' own descriptions.
"""

import re
from decimal import Decimal, InvalidOperation

from contor.payments.statements.read.values import bic_of, code_of, iban_of, name_of, reference_of, text_of
from contor.payments.statements.types import Instructed, Part

_GERMAN = re.compile(r"(\d{3})([^\w\s+:])(?=\d\d)")
_TAG = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|BREF|RREF|RTRN)\+")
_SLASHED = re.compile(
    r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|ORDP|BENM|RTRN|ISDT|PREF|CNTP|ULTD|ULTC|PURP|SVCL|ADDR|TRCD|OCMT|CHGS|EXCH|IACC)/"
)
_RETURNS = frozenset({"108", "109", "159", "181", "182", "183", "184"})
"""Business codes of returned debits and transfers (DK, Geschäftsvorfallcodes)."""
_REASON = re.compile(r"\b(A[CGMB]\d\d|BE\d\d|CNOR|DNOR|DT\d\d|ED\d\d|FF\d\d|FOCR|M[DS]\d\d|NOAS|R[CR]\d\d|SL\d\d|TM\d\d|0000)\b")
_MONEY = r"([A-Z]{3})?\s*(\d{1,15}(?:[.,]\d{0,4})?)"
_ORDERED = re.compile(rf"/OCMT/{_MONEY}")
_CHARGED = re.compile(rf"/CHGS/{_MONEY}")
_ORDERED_DE, _CHARGED_DE = re.compile(rf"OAMT\+{_MONEY}"), re.compile(rf"COAM\+{_MONEY}")
_PLAIN_IBAN = re.compile(r"^([A-Z]{2}\d{2}[A-Z0-9]{11,30})(?:\s+(.*))?$")
_PLAIN_PARTY = re.compile(r"REK: ?([A-Z]{2}\d{2}[A-Z0-9]{11,30})/NAAM: ?(.*)")
_LINE = 65


def part_of(details: str, below: str, customer: str, amount: Decimal) -> tuple[str | None, str, Part]:
    """(business code, what the bank calls it, the transfer). `below`: what stands under :61:; `customer`: its reference for us."""
    lines = details.split("\n")
    joined = "".join(lines)
    code, text, said = _read(lines, joined)
    is_return = code in _RETURNS or "RTRN" in said
    reason = _REASON.search(said.get("RTRN", "") or said.get("text", "")) if is_return else None
    ordered, charges = _charges(f"{below} {joined}", amount)
    account = said.get("account") or ""
    iban = next((found for written in (account, below, customer) if written and (found := iban_of(written))), None)
    own = None if ordered is None else ordered if amount >= 0 else -ordered
    part = Part(
        amount=own if own is not None else amount,
        instructed=Instructed(amount=ordered, currency="") if ordered is not None else _taken_back(is_return, f"{below} {joined}"),
        charges=charges,
        name=name_of(said.get("name")),
        iban=iban,
        account=account[:100] or None if iban is None else None,
        bic=bic_of(said["bic"]) if said.get("bic") else None,
        end_to_end=reference_of(said.get("EREF")),
        mandate=reference_of(said.get("MREF")),
        reference=reference_of(customer, 255),
        text=text_of(said.get("text")),
        return_code=None if not is_return else reason[1] if reason else code_of(said.get("RTRN")) or "NARR",
    )
    return code, text, part


def _read(lines: list[str], joined: str) -> tuple[str | None, str, dict[str, str]]:
    """(business code, what the bank calls it, what is said by its name), in the form that the lines have."""
    if german := _GERMAN.match(joined):
        return _german(joined, german[1], german[2])
    return _slashed(joined) if _SLASHED.search(joined) else _plain(lines)


def _german(joined: str, code: str, mark: str) -> tuple[str, str, dict[str, str]]:
    fields: dict[str, str] = {}
    pieces = re.split(rf"{re.escape(mark)}(\d\d)", joined[3:])
    for number, value in zip(pieces[1::2], pieces[2::2], strict=False):
        fields[number] = fields.get(number, "") + value
    text = "".join(fields.get(number, "") for number in (*map(str, range(20, 30)), "60", "61", "62", "63"))
    said = _tagged(text)
    name = fields.get("32", "") + fields.get("33", "")
    return (
        code,
        text_of(fields.get("00"), 500),
        {**said, "name": name, "bic": fields.get("30", ""), "account": fields.get("31", "")},
    )


def _tagged(text: str) -> dict[str, str]:
    """Parts that begin with a word and a plus; what stands before the first is text, too."""
    pieces = _TAG.split(text)
    said: dict[str, str] = {}
    for word, value in zip(pieces[1::2], pieces[2::2], strict=False):
        said.setdefault(word, value.strip())
    free = [pieces[0].strip(), said.pop("SVWZ", "")]
    return {**said, "text": " ".join(part for part in free if part)}


def _slashed(joined: str) -> tuple[str | None, str, dict[str, str]]:
    pieces = _SLASHED.split(joined)
    words: dict[str, str] = {}
    for word, value in zip(pieces[1::2], pieces[2::2], strict=False):
        words.setdefault(word, value.strip("/ "))
    said = {"EREF": words.get("EREF", ""), "MREF": words.get("MARF", ""), "name": words.get("NAME", "")}
    said |= {"account": words.get("IBAN", ""), "bic": words.get("BIC", "")}
    counterpart = words.get("CNTP", "").split("/")  # ING: IBAN, BIC, name, place
    if len(counterpart) >= 3:
        said |= {"account": counterpart[0], "bic": counterpart[1], "name": counterpart[2]}
    if "RTRN" in words:
        said["RTRN"] = words["RTRN"]
    remittance = re.sub(r"^(USTD|STRD)//?", "", words.get("REMI", ""))
    said["text"] = " ".join(part for part in (pieces[0].strip(), remittance) if part)
    return None, text_of(words.get("TRTP"), 500), said


def _plain(lines: list[str]) -> tuple[str | None, str, dict[str, str]]:
    """A line of full length goes on in the next."""
    text = ""
    for line in lines:
        text += line if not text or text.endswith(" ") else line if len(text.rpartition("\n")[2]) == _LINE else f" {line}"
    said = {"text": text}
    if (found := _PLAIN_IBAN.match(lines[0].strip())) and iban_of(found[1]):
        said |= {"account": found[1], "name": found[2] or ""}
    if (found := _PLAIN_PARTY.match(lines[-1].strip())) and iban_of(found[1]):
        said |= {"account": found[1], "name": found[2]}
    return None, "", said


def _charges(text: str, amount: Decimal) -> tuple[Decimal | None, Decimal]:
    """(what was ordered, what was charged), where both together are what is booked; else nothing is known."""
    ordered = _first(_ORDERED, text) or _first(_ORDERED_DE, text)
    charged = sum((_money(found[2]) for found in _CHARGED.finditer(text)), Decimal(0)) or _first(_CHARGED_DE, text) or Decimal(0)
    if not charged:
        return None, Decimal(0)
    added = ordered if ordered is not None else (amount if amount > 0 else -amount) + (charged if amount > 0 else -charged)
    left = added - charged if amount > 0 else -(added + charged)
    return (added, charged) if left == amount else (None, Decimal(0))


def _taken_back(is_return: bool, text: str) -> Instructed | None:
    """What a return says to take back, without charges that it says."""
    found = (_ORDERED.search(text) or _ORDERED_DE.search(text)) if is_return else None
    return Instructed(amount=_money(found[2]), currency=found[1] or "") if found and _money(found[2]) else None


def _first(pattern: re.Pattern[str], text: str) -> Decimal | None:
    found = pattern.search(text)
    return _money(found[2]) or None if found else None


def _money(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return Decimal(0)
