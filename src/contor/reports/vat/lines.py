"""The lines of the German advance VAT return (Umsatzsteuer-Voranmeldung, form USt 1 A), and which of them a line of the journal belongs
to. Pure.

Source: section 18 (1) UStG, form USt 1 A of the BMF with its numbers (Kennzahlen); which account belongs to which number follows the
posting table (docs/business/posting-table.md). To be confirmed by a tax adviser, as every number of a form.
"""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Final, Literal, NamedTuple

from contor.bookkeeping.roles import Role
from contor.kernel.money import HUNDRED, ZERO
from contor.kernel.places import EU_COUNTRIES

Of = Literal["OUTPUT", "INPUT", "FREE", "BESIDE"]
"""OUTPUT: tax that is owed; INPUT: tax that is deducted; FREE: supplies without tax; BESIDE: is in no line of the form."""


class Line(NamedTuple):
    """A line."""

    key: str
    """Its number for the base, or a word where the form has none."""
    tax_key: str
    """Its number for the tax, where that is declared beside the base."""
    of: Of
    de: str
    en: str
    rate: Decimal | None = None
    """The rate at which the form itself computes the tax of the declared base."""


LINES: Final[Mapping[str, Line]] = {
    line.key: line
    for line in (
        Line("41", "", "FREE", "Innergemeinschaftliche Lieferungen (§ 4 Nr. 1b)", "Intra-community supplies"),
        Line("44", "", "FREE", "Neue Fahrzeuge an Abnehmer ohne USt-IdNr.", "New vehicles to buyers without VAT id"),
        Line("42", "", "FREE", "Innergemeinschaftliche Dreiecksgeschäfte (§ 25b)", "Triangular supplies"),
        Line("43", "", "FREE", "Weitere steuerfreie Umsätze mit Vorsteuerabzug (Ausfuhr)", "Other exempt supplies with deduction"),
        Line("48", "", "FREE", "Steuerfreie Umsätze ohne Vorsteuerabzug (§ 4 Nr. 8 ff.)", "Exempt supplies without deduction"),
        Line("81", "", "OUTPUT", "Steuerpflichtige Umsätze 19 %", "Taxable supplies, 19 %", Decimal(19)),
        Line("86", "", "OUTPUT", "Steuerpflichtige Umsätze 7 %", "Taxable supplies, 7 %", Decimal(7)),
        Line("87", "", "OUTPUT", "Steuerpflichtige Umsätze 0 % (§ 12 Abs. 3)", "Taxable supplies, 0 %", Decimal(0)),
        Line("35", "36", "OUTPUT", "Umsätze zu anderen Steuersätzen", "Supplies at other rates"),
        Line("46", "47", "OUTPUT", "Sonstige Leistungen aus der EU (§ 13b Abs. 1)", "Services received from the EU"),
        Line("84", "85", "OUTPUT", "Andere Leistungen (§ 13b Abs. 2)", "Other supplies received, section 13b (2)"),
        Line("60", "", "FREE", "Leistungen, für die der Empfänger schuldet (§ 13b Abs. 5)", "Supplies, recipient owes the tax"),
        Line("21", "", "FREE", "Sonstige Leistungen an Unternehmer in der EU (§ 18b)", "Services to businesses in the EU"),
        Line("45", "", "FREE", "Übrige nicht steuerbare Umsätze", "Other supplies outside the scope"),
        Line("66", "", "INPUT", "Vorsteuer aus Rechnungen", "Input tax of invoices"),
        Line("67", "", "INPUT", "Vorsteuer aus Leistungen nach § 13b", "Input tax, section 13b"),
        Line("69", "", "OUTPUT", "Unrichtig oder unberechtigt ausgewiesene Steuer (§ 14c)", "Tax wrongly shown"),
        Line("50", "", "BESIDE", "Minderung der Bemessungsgrundlage (§ 17 Abs. 2 Nr. 1)", "Reduction, uncollectable"),
        Line("37", "", "BESIDE", "Minderung der abziehbaren Vorsteuer (§ 17 Abs. 2 Nr. 1)", "Reduction of deducted input tax"),
        Line("NOT_DUE", "", "BESIDE", "Noch nicht fällige Steuer (§ 20)", "Tax that is not due yet"),
        Line("OSS", "", "BESIDE", "One-Stop-Shop", "One-stop shop"),
        Line("E19", "", "BESIDE", "Umsätze als Kleinunternehmer (§ 19)", "Supplies of a small business"),
        Line("ABROAD", "", "BESIDE", "Im Ausland angemeldete Steuer", "Tax declared abroad"),
    )
}
"""By number, in the order of the form."""
_OF_TAX: Final = {
    Role.TAX_19: "81",
    Role.TAX_7: "86",
    Role.TAX_16: "35",
    Role.TAX_5: "35",
    Role.TAX_OTHER: "35",
    Role.TAX_OSS_GOODS: "OSS",
    Role.TAX_OSS_DIGITAL: "OSS",
    Role.TAX_OSS_SERVICE: "OSS",
    Role.TAX_NOT_DUE_19: "NOT_DUE",
    Role.TAX_NOT_DUE_7: "NOT_DUE",
    Role.TAX_NOT_DUE_OTHER: "NOT_DUE",
    Role.TAX_WRONGLY_SHOWN: "69",
    Role.INPUT_TAX_19: "66",
    Role.INPUT_TAX_7: "66",
    Role.INPUT_TAX_OTHER: "66",
    Role.INPUT_TAX_REVERSE_CHARGE: "67",
}
TAX_ROLES: Final = frozenset({*_OF_TAX, Role.TAX_REVERSE_CHARGE})
"""The accounts of VAT."""
_OF_NET: Final = {
    "K": "41",
    "G": "43",
    "E": "48",
    "Z": "87",
    "AE-DE": "60",
    "AE-EU": "21",
    "AE-25B": "42",
    "O-3RD": "45",
    "OSS": "45",
    "OSS-G": "45",
    "OSS-D": "45",
    "OSS-S": "45",
    "E19": "E19",
}
"""What has no tax of ours is declared by its net, by tax key."""
NET_KEYS: Final = frozenset(_OF_NET)
UNCOLLECTABLE: Final = "UNCOLLECTABLE_RECEIVABLE"
_DUE: Final = frozenset({"81", "86", "35"})


def line_of(role: Role | None, tax_key: str | None, country: str | None, ours: str) -> str | None:
    """The number of the line that a line of the journal belongs to, by what its account is for, its tax key and its country; `ours`: the
    country of the company. None: to none, as a net that is declared with its tax."""
    if role is Role.TAX_REVERSE_CHARGE:
        return "46" if country in EU_COUNTRIES and country != ours else "84"
    if role in _OF_TAX:
        found = _OF_TAX[role]
        return "ABROAD" if found in _DUE and country not in (None, ours) else found
    return _OF_NET.get(tax_key or "")


def is_uncollectable(kind: str, line: str | None) -> bool:
    """Whether its base is named once more as a reduction (posting rows 22 and 23): the tax of it was due, and is not any more."""
    return kind == UNCOLLECTABLE and line in _DUE


def declared(base: Decimal) -> Decimal:
    """A base as the form takes it: whole euros, the cents cut off."""
    return base.quantize(Decimal(1), ROUND_DOWN)


def tax_declared(line: Line, base: Decimal, tax: Decimal) -> Decimal:
    """The tax as the form has it: computed of the declared base where the form computes it, else that of the books."""
    if line.rate is None:
        return tax
    return (declared(base) * line.rate / HUNDRED).quantize(Decimal("0.01"), ROUND_DOWN)


def payable(taxes: Mapping[str, Decimal]) -> Decimal:
    """Number 83: what is to be paid (below zero: given back), of the declared tax of each line."""
    owed = sum((tax for key, tax in taxes.items() if LINES[key].of == "OUTPUT"), ZERO)
    deducted = sum((tax for key, tax in taxes.items() if LINES[key].of == "INPUT"), ZERO)
    return owed - deducted
