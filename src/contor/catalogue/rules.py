"""What is wrong with an option or a plan, which version of an option counts, and which of its prices. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from contor.catalogue.price_rules import minimum_findings, price_findings, usage_price_findings
from contor.catalogue.prices import ClockRule
from contor.catalogue.types import (
    Option,
    OptionContent,
    OptionType,
    OptionVersion,
    PlanContent,
    Price,
    PriceCriteria,
    PricingGroup,
    UsagePrice,
)
from contor.documents.judge import property_code_findings
from contor.kernel.errors import Problem
from contor.kernel.places import alpha2
from contor.kernel.shapes import replace

Priced = TypeVar("Priced", Price, UsagePrice, PricingGroup)

_PRICES_OF: Mapping[OptionType, str] = {
    "ONETIME": "prices",
    "RECURRING": "prices",
    "QUANTITY": "prices",
    "USAGE": "usagePrices",
    "TIME_BASED_USAGE": "pricingGroups",
}
DAY_SECONDS = 86_400


def version_at(option: Option, period_start: dt.date) -> OptionVersion:
    """The version that a period beginning on this day uses (accounting reference 9, "price change")."""
    found = option.versions[0]
    # in the order of their days, so that the last one found is the latest
    for version in option.versions[1:]:
        if version.valid_from is None or version.valid_from <= period_start:
            found = version
    return found


def in_language(content: OptionContent, language: str) -> OptionContent:
    """The option as it is called in a language; where that is not said, as it is called anyway."""
    if not content.words:  # as most are
        return content
    said = next((words for words in content.words if words.language == language), None)
    if said is None:
        return content
    description = said.description if said.description is not None else content.product_description
    if said.name is None:
        return replace(content, product_description=description)
    return replace(content, product_name=said.name, product_description=description)


def price_at(prices: Sequence[Priced], country: str | None, region: str | None, site: str | None) -> Priced | None:
    """The most specific price that holds at a place; None: there is none."""
    if country is not None:
        country = alpha2(country) or country  # a contract of former times may say it in three letters
    best: tuple[int, Priced] | None = None
    for price in prices:
        score = _score(price.criteria, country, region, site)
        if score is not None and (best is None or score > best[0]):
            best = (score, price)
    return best[1] if best else None


def _score(criteria: PriceCriteria | None, country: str | None, region: str | None, site: str | None) -> int | None:
    """How specific the criteria are; None: they do not hold. A site goes before a region, a region before a country."""
    if criteria is None:
        return 0
    # powers of two: a site alone outweighs region and country together
    wanted = ((criteria.operating_site_ident, site, 4), (criteria.region, region, 2), (criteria.country, country, 1))
    if any(value is not None and value != given for value, given, _ in wanted):
        return None
    return sum(weight for value, _, weight in wanted if value is not None)


# --- findings --------------------------------------------------------------------------------------------------------------------


def option_findings(option_type: OptionType, content: OptionContent) -> list[Problem]:
    """Everything that does not fit together in an option."""
    problems: list[Problem] = []
    groups: dict[str, Sequence[Price | UsagePrice | PricingGroup]] = {
        "prices": content.prices,
        "usagePrices": content.usage_prices,
        "pricingGroups": content.pricing_groups,
    }
    wanted = _PRICES_OF.get(option_type)
    for path, given in groups.items():
        if path == wanted and not given:
            problems.append(Problem("price_missing", f"an option of type {option_type} needs its prices here", path))
        elif path != wanted and given:
            problems.append(Problem("price_not_expected", f"an option of type {option_type} has no such prices", path))
        problems += _repeated([price.criteria for price in given], path)
    if (option_type == "COMMISSION") != (content.commission_percentage is not None):
        message = "is what an option of type COMMISSION has, and only such a one"
        problems.append(Problem("commission_percentage_unclear", message, "commissionPercentage", content.commission_percentage))
    if option_type != "RATED_USAGE":
        given_here = {
            "aggregationDelayInSeconds": content.aggregation_delay_in_seconds != 0,
            "taxCode": content.tax_code != "STANDARD",
            "taxScheme": content.tax_scheme != "DEFAULT",
        }
        message = "is what only an option of type RATED_USAGE has"
        problems += [Problem("rated_usage_only", message, path) for path, is_given in given_here.items() if is_given]
    is_self_billed = content.invoicing_agreement_type == "SELF_BILLING"
    if is_self_billed and option_type not in ("ONETIME", "RECURRING", "QUANTITY", "COMMISSION"):
        message = "what is used is sold; self-billing is agreed for options of type ONETIME, RECURRING, QUANTITY and COMMISSION"
        problems.append(Problem("self_billing_not_expected", message, "invoicingAgreementType", content.invoicing_agreement_type))
    # a commission has no direction of its own: what it comes to is paid out
    elif is_self_billed and option_type != "COMMISSION" and content.debit_credit_indicator == "CREDIT":
        message = "a self-billing option is DEBIT: what the partner supplies and is paid for; an allowance reduces it"
        problems.append(Problem("self_billed_credit_not_expected", message, "debitCreditIndicator", "CREDIT"))
    problems += price_findings(content.prices, "prices")
    for index, usage_price in enumerate(content.usage_prices):
        problems += usage_price_findings(usage_price, f"usagePrices[{index}]")
    for index, group in enumerate(content.pricing_groups):
        problems += _clock(group.pricing_rules, f"pricingGroups[{index}].pricingRules")
    if option_type != "USAGE" and content.use_pooling:
        problems.append(Problem("pooling_not_expected", "only options of type USAGE are pooled by period", "usePooling"))
    if option_type != "USAGE" and content.usage_cap is not None:
        message = "only options of type USAGE are capped by period"
        problems.append(Problem("usage_cap_not_expected", message, "usageCap", content.usage_cap))
    if content.measurement is not None and not content.use_pooling:
        message = "what events come to is rated together, by period: such an option is pooled"
        problems.append(Problem("measurement_not_expected", message, "measurement", content.measurement))
    problems += minimum_findings(option_type, content)
    if option_type not in ("USAGE", "TIME_BASED_USAGE") and content.usage_tax_date != "PERIOD_END":
        message = "only usages are taxed by the day on which they were used"
        problems.append(Problem("usage_tax_date_not_expected", message, "usageTaxDate", content.usage_tax_date))
    if option_type != "USAGE" and content.charge_without_usage:
        message = "only options of type USAGE are charged without usage"
        problems.append(Problem("charge_without_usage_not_expected", message, "chargeWithoutUsage"))
    return problems + [
        Problem(found.code, found.message, (found.field or "").replace("].value", "].propertyValue"), found.rejected_value)
        for found in property_code_findings(content.properties, "properties")
    ]


def _repeated(criteria: Iterable[PriceCriteria | None], path: str) -> list[Problem]:
    seen: list[PriceCriteria | None] = []
    problems = []
    for index, entry in enumerate(criteria):
        if entry in seen:
            problems.append(Problem("price_criteria_repeated", "two prices hold at the same place", f"{path}[{index}].criteria"))
        seen.append(entry)
    return problems


def seconds_of(clock: str) -> int:
    """Seconds since midnight of "HH:mm" or "HH:mm:ss"."""
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    return hours * 3600 + minutes * 60 + (seconds[0] if seconds else 0)


def _clock(rules: Sequence[ClockRule], path: str) -> list[Problem]:
    """The rules cover the day without gap and overlap; one may pass midnight."""
    spans: list[tuple[int, int]] = []
    for rule in rules:
        begin, end = seconds_of(rule.time_from), seconds_of(rule.time_to)
        spans += [(begin, end)] if begin < end else [(begin, DAY_SECONDS), (0, end)]
    position = 0
    # a rule that ends at midnight leaves an empty second half
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if begin > position:
            return [Problem("pricing_rules_leave_a_gap", f"nothing says what second {position} of the day costs", path)]
        if begin < position:
            return [Problem("pricing_rules_overlap", f"two rules hold at second {begin} of the day", path)]
        position = end
    if position != DAY_SECONDS:
        return [Problem("pricing_rules_leave_a_gap", f"nothing says what second {position} of the day costs", path)]
    return []


def plan_findings(plan: PlanContent, types: Mapping[str, OptionType]) -> list[Problem]:
    """Everything that does not fit together in a plan. `types`: of the options that exist."""
    problems: list[Problem] = []
    idents = [phase.ident for phase in plan.phases]
    if plan.initial_phase is not None and plan.initial_phase not in idents:
        problems.append(Problem("phase_unknown", "names no phase of the plan", "initialPhase", plan.initial_phase))
    commissions = 0
    for index, phase in enumerate(plan.phases):
        path = f"phases[{index}]"
        if phase.ident in idents[:index]:
            problems.append(Problem("phase_repeated", "occurs twice", f"{path}.ident", phase.ident))
        linked = [link.option_ident for link in phase.linked_options]
        for position, ident in enumerate(linked):
            where = f"{path}.linkedOptions[{position}]"
            if ident not in types:
                problems.append(Problem("option_unknown", "does not exist", f"{where}.optionIdent", ident))
            elif ident in linked[:position]:
                problems.append(Problem("option_repeated", "is linked twice", f"{where}.optionIdent", ident))
            elif phase.linked_options[position].enable_for_all_contracts and types[ident] not in ("USAGE", "RATED_USAGE"):
                message = "only usages can be enabled for all contracts"
                problems.append(Problem("option_not_enableable", message, f"{where}.enableForAllContracts", ident))
            commissions += types.get(ident) == "COMMISSION"
        problems += _transition(plan, index, idents)
        config = phase.billing_config
        if config.timing.endswith("_WITH_DELAY") != (config.delay_in_seconds is not None):
            message = "belongs to the timings with delay, and only to those"
            problems.append(Problem("delay_unclear", message, f"{path}.billingConfig.delayInSeconds", config.delay_in_seconds))
        if config.enforce_billing_period_sync and not config.sync_billing_to_billing_interval_unit:
            message = "only periods that follow the calendar can be held to it"
            problems.append(Problem("sync_missing", message, f"{path}.billingConfig.enforceBillingPeriodSync"))
    if plan.type == "PARTNER" and not commissions:
        problems.append(Problem("commission_option_missing", "a plan for partners has a commission option", "phases"))
    if plan.type == "CUSTOMER" and commissions:
        problems.append(Problem("commission_option_not_expected", "commission options belong to plans for partners", "phases"))
    return problems


def _transition(plan: PlanContent, index: int, idents: Sequence[str]) -> list[Problem]:
    phase, path = plan.phases[index], f"phases[{index}].transitions[0]"
    transition, problems = phase.transition, []
    goes_on = transition.type.startswith("NEXT_PHASE")
    if goes_on and transition.to_phase not in idents:
        problems.append(Problem("phase_unknown", "names no phase of the plan", f"{path}.toPhase", transition.to_phase))
    if not goes_on and transition.to_phase is not None:
        problems.append(Problem("phase_not_expected", "this transition leads nowhere", f"{path}.toPhase", transition.to_phase))
    if (transition.type == "NEXT_PHASE_AFTER_MULTIPLE_ITERATION") != (transition.counter is not None):
        message = "belongs to NEXT_PHASE_AFTER_MULTIPLE_ITERATION, and only to it"
        problems.append(Problem("counter_unclear", message, f"{path}.counter", transition.counter))
    if transition.type != "NONE" and phase.term_duration is None:
        message = "a phase without end has no transition"
        problems.append(Problem("transition_without_end", message, f"{path}.type", transition.type))
    return problems
