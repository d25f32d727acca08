"""Store tax rules, change by which conditions they hold, and write their time line on.

What was issued or calculated for good names the variant that decided it, and keeps its tax. What a variant said of days that are over
stays what it says: who corrects it writes a variant for the days to come."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow
from contor.settings.queries import known_sites
from contor.tax.rules import tables
from contor.tax.rules.match import Conditions, overlap
from contor.tax.rules.queries import VariantRow, like, rule_named, variants_of
from contor.tax.rules.read import required_rule, rule_view, variant_view
from contor.tax.rules.types import TaxRuleBody, TaxRuleConditions, TaxRuleVariantBody, TaxRuleVariantView, TaxRuleView
from contor.tax.rules.variants import category_of, time_line_findings, variant_findings

_CONDITIONS = (*Conditions._fields, "enabled")


@dataclass(frozen=True, slots=True)
class CreateRule:
    body: TaxRuleBody


@dataclass(frozen=True, slots=True)
class UpdateRule:
    tax_rule_ident: str
    body: TaxRuleConditions


@dataclass(frozen=True, slots=True)
class AddVariant:
    tax_rule_ident: str
    body: TaxRuleVariantBody


@dataclass(frozen=True, slots=True)
class ChangeVariant:
    tax_rule_ident: str
    tax_rule_variant_ident: str
    body: TaxRuleVariantBody


@operation("tax_rule.create", permission="tax.write", refers=(Reference("operatingSiteIdent", "reference_unknown", known_sites),))
def create_rule(uow: Uow, command: CreateRule) -> TaxRuleView:
    """Store a rule with what it says from when on. It holds for what is determined from now on."""
    body, now = command.body, uow.ctx.now()
    ident = body.tax_rule_ident or str(uow.new_uuid())
    _lock(uow)
    problems = [*_condition_findings(uow, body, ident), *time_line_findings(body.variants, "variants")]
    problems += [found for n, variant in enumerate(body.variants) for found in variant_findings(variant, f"variants[{n}].")]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    if rule_named(uow, ident) is not None:
        raise Refused(Kind.CONFLICT, Problem("tax_rule_exists", f"A tax rule {ident!r} exists already.", "taxRuleIdent", ident))
    row = {"tax_rule_ident": ident, **_row(body), "created_at": now, "last_modified_at": now}
    uow.insert(tables.tax_rule, [row])
    uow.insert(tables.tax_rule_variant, [_variant_row(uow, ident, variant) for variant in body.variants])
    uow.audit("tax_rule", ident, {"created": body})
    return rule_view(uow, ident)


@operation("tax_rule.update", permission="tax.write", refers=(Reference("operatingSiteIdent", "reference_unknown", known_sites),))
def update_rule(uow: Uow, command: UpdateRule) -> TaxRuleView:
    """Say anew for what the rule holds. What it decided so far stays as it is."""
    ident, body = command.tax_rule_ident, command.body
    _lock(uow)
    before = required_rule(uow, ident, lock=True)
    if problems := _condition_findings(uow, body, ident):
        raise Refused(Kind.INVALID, *problems)
    row = {**_row(body), "last_modified_at": uow.ctx.now()}
    uow.run(
        f"UPDATE tax_rule SET {', '.join(f'{name} = %({name})s' for name in row)} WHERE tax_rule_ident = %(ident)s",
        {**row, "ident": ident, "tax_classifications": ENCODER.encode(body.tax_classifications).decode()},
    )
    was = {name: getattr(before, name) for name in _CONDITIONS}
    uow.audit("tax_rule", ident, {"before": was, "after": {name: getattr(body, name) for name in _CONDITIONS}})
    return rule_view(uow, ident)


@operation("tax_rule_variant.add", permission="tax.write")
def add_variant(uow: Uow, command: AddVariant) -> TaxRuleVariantView:
    """Write the rule's time line on: what it says from another day on."""
    rule, body = command.tax_rule_ident, command.body
    required_rule(uow, rule, lock=True)
    known = variants_of(uow, [rule])[rule]
    _refuse(body, known)
    ident = body.tax_rule_variant_ident
    if any(row.tax_rule_variant_ident == ident for row in known):
        message = f"A variant {ident!r} of the rule exists already."
        raise Refused(Kind.CONFLICT, Problem("tax_rule_variant_exists", message, "taxRuleVariantIdent", ident))
    if (used := _decided_on(known, body.applicable_from, uow.ctx.today())) is not None:
        raise Refused(Kind.CONFLICT, _decided_already(used, "applicableFrom", body.applicable_from))
    row = _variant_row(uow, rule, body)
    uow.insert(tables.tax_rule_variant, [row])
    uow.audit("tax_rule", rule, {"variant_added": body})
    return variant_view(uow, rule, str(row["tax_rule_variant_ident"]))


@operation("tax_rule_variant.change", permission="tax.write")
def change_variant(uow: Uow, command: ChangeVariant) -> TaxRuleVariantView:
    """Say anew what the rule says from when on; not of a variant by which something was decided for days that are over."""
    rule, ident, body = command.tax_rule_ident, command.tax_rule_variant_ident, command.body
    required_rule(uow, rule, lock=True)
    known = variants_of(uow, [rule])[rule]
    before = variant_view(uow, rule, ident)
    if body.tax_rule_variant_ident not in (None, ident):
        raise Refused(Kind.INVALID, Problem("field_immutable", "cannot be changed.", "taxRuleVariantIdent"))
    others = [row for row in known if row.tax_rule_variant_ident != ident]
    _refuse(body, others)
    if before.used_from is not None and before.applicable_from <= uow.ctx.today():
        raise Refused(Kind.CONFLICT, _decided_already(next(row for row in known if row not in others)))
    if (used := _decided_on(others, body.applicable_from, uow.ctx.today())) is not None:
        raise Refused(Kind.CONFLICT, _decided_already(used, "applicableFrom", body.applicable_from))
    row = _variant_row(uow, rule, body) | {"tax_rule_variant_ident": ident}
    del row["created_at"]
    sets = ", ".join(f"{name} = %({name})s" for name in row if not name.endswith("_ident") or name == "tax_exemption_ident")
    uow.run(
        f"UPDATE tax_rule_variant SET {sets} WHERE tax_rule_ident = %(tax_rule_ident)s"
        " AND tax_rule_variant_ident = %(tax_rule_variant_ident)s",
        row,
    )
    uow.audit("tax_rule", rule, {"variant": ident, "before": before, "after": body})
    return variant_view(uow, rule, ident)


# helpers in calling order


def _lock(uow: Uow) -> None:
    """Two rules that are stored at once would not see that they meet."""
    uow.lock("tax_rules", [""])


def _condition_findings(uow: Uow, body: TaxRuleConditions, ident: str) -> list[Problem]:
    problems = []
    site = body.operating_site_ident
    if site is not None and not known_sites(uow, [site]):
        problems.append(Problem("operating_site_unknown", "does not exist", "operatingSiteIdent", site))
    if body.region is not None and body.country is None:
        problems.append(Problem("region_without_country", "is that of a country: say which", "region", body.region))
    conditions = _conditions(body)
    if body.enabled:
        met = [row.tax_rule_ident for row in like(uow, conditions, ident) if overlap(row.conditions(), conditions)]
        if met:
            message = f"asks for the same as {', '.join(sorted(met))}: of two rules of equal rank nobody can say which one holds"
            problems.append(Problem("tax_rule_ambiguous", message, None, ident))
    return problems


def _conditions(body: TaxRuleConditions) -> Conditions:
    return Conditions(*(getattr(body, name) for name in Conditions._fields))


def _row(body: TaxRuleConditions) -> dict[str, object]:
    return {name: getattr(body, name) for name in _CONDITIONS} | {"tax_classifications": list(body.tax_classifications)}


def _refuse(body: TaxRuleVariantBody, others: Sequence[VariantRow]) -> None:
    problems = list(variant_findings(body, ""))
    if any(row.applicable_from == body.applicable_from for row in others):
        message = "another variant of the rule holds from this day"
        problems.append(Problem("tax_rule_variant_day_taken", message, "applicableFrom", body.applicable_from))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _decided_on(rows: Sequence[VariantRow], day: dt.date, today: dt.date) -> VariantRow | None:
    """The variant that decided something of days that are over and on which another one is to hold. What was billed in advance is corrected
    when its day has come (section 27 (1) sentence 3 UStG)."""
    before = [row for row in rows if row.applicable_from < day]
    last = before[-1] if before and day <= today else None
    return last if last is not None and last.used_until is not None and last.used_until >= day else None


def _decided_already(row: VariantRow, field: str | None = None, value: object = None) -> Problem:
    message = (
        f"Variant {row.tax_rule_variant_ident} decided taxes of {row.used_from} to {row.used_until}, and stays what it was until today:"
        " write a variant that holds from a day after today."
    )
    return Problem("tax_rule_variant_used", message, field, value)


def _variant_row(uow: Uow, rule: str, body: TaxRuleVariantBody) -> dict[str, object]:
    now = uow.ctx.now()
    return {
        "tax_rule_ident": rule,
        "tax_rule_variant_ident": body.tax_rule_variant_ident or str(uow.new_uuid()),
        "applicable_from": body.applicable_from,
        "tax_rate": body.tax_rate,
        "tax_category_code": category_of(body),
        "tax_code": body.tax_code,
        "tax_name": body.tax_name,
        "tax_exemption_ident": body.tax_exemption_ident,
        "tax_exemption_reason": body.tax_exemption_reason,
        "created_at": now,
        "last_modified_at": now,
    }
