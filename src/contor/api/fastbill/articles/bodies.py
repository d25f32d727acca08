"""An article as options and a plan of the catalogue, and back.

One that is subscribed to is the plan of its number: its option of the same ident recurs, its setup fee is charged once, and what is used
of it at prices of the caller's own is an option besides. Any other is an option: once, or as an add-on that recurs with the plans that it
is assigned to. What the catalogue has no place for is kept as properties and answered as it was said.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from contor.api.fastbill.articles.types import FeatureOfArticle, Terms, TranslationData, interval
from contor.catalogue.articles.queries import Article
from contor.catalogue.options import OptionBody
from contor.catalogue.plans import PlanBody
from contor.catalogue.types import (
    BillingConfig,
    CatalogueProperty,
    Duration,
    LinkedOption,
    OptionContent,
    OptionStatus,
    OptionType,
    OptionWords,
    Phase,
    Price,
    Transition,
    TrialTerms,
)
from contor.kernel.shapes import replace

OWN: Final = "fastbill."
_TEXTS: Final = ("type", "unit", "tags", "return_url_success", "return_url_cancel", "checkout_url")
_FLAGS: Final = ("allow_multiple", "is_addon", "is_digital")
_READ_FEATURE = msgspec.json.Decoder(tuple[str, str | None, str | None], float_hook=Decimal).decode
_SETUP, _SETUP_ABROAD = "Einrichtung", "Setup"
"""On papers in German, and in any other language."""
FIRST, FOLLOW = "first", "follow"


def setup_of(number: str) -> str:
    return f"{number}.setup"


def usage_of(number: str) -> str:
    return f"{number}.usage"


def main_body(terms: Terms, others: Sequence[CatalogueProperty] = (), status: OptionStatus = "DRAFT") -> OptionBody:
    """What is charged for the article itself. `others`: properties that are not ours, and stay."""
    words = tuple(
        OptionWords(language=code, name=said.title, description=said.description) for code, said in terms.translations.items()
    )
    kind: OptionType = "RECURRING" if terms.subscription_interval is not None else "ONETIME"
    return OptionBody(
        type=kind,
        option_ident=terms.number,
        status=status,
        name=terms.title,
        product_description=terms.description,
        article_number=terms.number,
        prices=(_price(terms, terms.unit_price),),
        words=words,
        properties=(*others, *kept(terms)) if not terms.is_plan else tuple(others),
    )


def setup_body(terms: Terms, status: OptionStatus = "DRAFT") -> OptionBody:
    """What is charged once when a subscription begins: on papers in German, as an article without translations is, and in others."""
    titles = {"en": terms.title, **{code: said.title or terms.title for code, said in terms.translations.items()}}
    return OptionBody(
        type="ONETIME",
        option_ident=setup_of(terms.number),
        status=status,
        name=f"{terms.title} – {_SETUP}",
        article_number=terms.number,
        prices=(_price(terms, terms.setup_fee),),
        words=tuple(
            OptionWords(language=code, name=f"{title} – {_SETUP if code == 'de' else _SETUP_ABROAD}")
            for code, title in titles.items()
        ),
    )


def usage_body(terms: Terms) -> OptionBody:
    """What is used at prices that come with it."""
    return OptionBody(
        type="RATED_USAGE",
        option_ident=usage_of(terms.number),
        name=terms.title,
        product_description=terms.description,
        article_number=terms.number,
        tax_code=terms.tax_code,  # type: ignore[arg-type]  # one of the codes that were found by its rate
    )


def _price(terms: Terms, amount: Decimal) -> Price:
    return Price(
        price=amount,
        net_gross_indicator="GROSS" if terms.is_gross else "NET",
        tax_code=terms.tax_code,  # type: ignore[arg-type]  # as above
    )


def plan_body(terms: Terms, linked: Sequence[LinkedOption], others: Sequence[CatalogueProperty] = ()) -> PlanBody:
    """The plan of a subscription. `linked`: options that it offers besides, such as add-ons."""
    assert terms.subscription_interval is not None
    own = [LinkedOption(option_ident=terms.number)]
    once = [LinkedOption(option_ident=setup_of(terms.number))] if terms.setup_fee else []
    used = [LinkedOption(option_ident=usage_of(terms.number), minimum=0, enable_for_all_contracts=True)]
    return PlanBody(
        plan_ident=terms.number,
        name=terms.title,
        currency=terms.currency_code,
        phases=_phases(terms, (*own, *once, *used, *linked), (*own, *used, *linked)),
        trial=None if terms.subscription_trial is None else TrialTerms(duration=terms.subscription_trial),
        properties=(*others, *kept(terms)),
    )


def _phases(terms: Terms, first: Sequence[LinkedOption], later: Sequence[LinkedOption]) -> tuple[Phase, ...]:
    """A number of events ends the contract; else a first term is followed by terms that renew, or by no term at all."""
    interval = terms.subscription_interval
    assert interval is not None
    phase = Phase(
        ident=FIRST,
        name=terms.title,
        billing_config=BillingConfig(billing_interval=interval),
        term_sync=False,
        notice_period=terms.subscription_cancellation,
        linked_options=tuple(first),
    )
    if terms.subscription_number_events:
        events = Duration(value=interval.value * terms.subscription_number_events, unit=interval.unit)
        return (replace(phase, term_duration=events),)
    term, follow = terms.subscription_duration, terms.subscription_duration_follow
    renews = Transition(type="AUTO_RENEWAL")
    if term is None:
        return (phase,) if follow is None else (replace(phase, term_duration=follow, transition=renews),)
    if term == follow:
        return (replace(phase, term_duration=term, transition=renews),)
    onward = Transition(type="NEXT_PHASE", to_phase=FOLLOW)
    after = replace(
        phase, ident=FOLLOW, linked_options=tuple(later), term_duration=follow, transition=renews if follow else Transition()
    )
    return replace(phase, term_duration=term, transition=onward), after


def kept(terms: Terms) -> Iterable[CatalogueProperty]:
    """What is kept as it was said."""
    said = {name: getattr(terms, name) or "" for name in _TEXTS}
    said |= {name: "1" for name in _FLAGS if getattr(terms, name)}
    if not terms.is_plan and terms.currency_code != "EUR":
        said["currency_code"] = terms.currency_code
    if not terms.is_plan and terms.subscription_interval is not None:
        said["subscription_interval"] = str(shown_interval(terms.subscription_interval))
    for position, one in enumerate(terms.features):
        quantity = None if one.quantity is None else format(one.quantity, "f")
        said[f"feature.{position}"] = msgspec.json.encode([one.code, quantity, one.value]).decode()
    return [CatalogueProperty(key=f"{OWN}{name}", value=value) for name, value in said.items() if value]


def others_of(properties: Iterable[CatalogueProperty]) -> list[CatalogueProperty]:
    """Properties that are not ours."""
    return [one for one in properties if not one.key.startswith(OWN)]


# --- back ------------------------------------------------------------------------------------------------------------------------


def terms_of(article: Article) -> Terms:
    """An article as it is, also where it was made in another way."""
    plan = article.plan
    main = main_of(article)
    content = article.options[main].versions[-1].content if main is not None else None
    properties = plan.content.properties if plan is not None else content.properties if content is not None else ()
    said = {one.key.removeprefix(OWN): one.value for one in properties if one.key.startswith(OWN)}
    price = content.prices[0] if content is not None and content.prices else Price(price=Decimal(0))
    terms = Terms(
        number=article.ident,
        title=plan.content.name if plan is not None else content.name if content is not None else article.ident,
        unit_price=price.price or Decimal(0),
        description=content.product_description if content is not None else None,
        is_gross=price.net_gross_indicator == "GROSS",
        tax_code=price.tax_code,
        currency_code=plan.content.currency if plan is not None else said.get("currency_code", "EUR"),
        translations=_translations(content),
        features=_features(said),
        assigned_articles=article.offered_by,
        type=said.get("type", "product"),
        unit=said.get("unit"),
        tags=said.get("tags"),
        return_url_success=said.get("return_url_success"),
        return_url_cancel=said.get("return_url_cancel"),
        checkout_url=said.get("checkout_url"),
        allow_multiple="allow_multiple" in said,
        is_addon="is_addon" in said,
        is_digital="is_digital" in said,
        subscription_interval=interval(said.get("subscription_interval")),
    )
    if plan is None:
        return terms
    setup = article.options.get(setup_of(article.ident))
    terms = replace(
        terms, setup_fee=(setup.versions[-1].content.prices[0].price or Decimal(0)) if setup is not None else Decimal(0)
    )
    return replace(terms, **_times(plan.content.phases, plan.content.trial))


def main_of(article: Article) -> str | None:
    """The option that is charged for the article itself; None: nothing recurs."""
    if article.plan is None:
        return article.ident
    links = article.plan.content.phases[0].linked_options
    recurring = [link for link in links if article.options[link.option_ident].type in ("RECURRING", "QUANTITY")]
    taken = next((link for link in recurring if link.minimum > 0), None) or next(iter(recurring), None)
    return taken.option_ident if taken is not None else None


def _times(phases: Sequence[Phase], trial: TrialTerms | None) -> Mapping[str, object]:
    first = phases[0]
    interval, term = first.billing_config.billing_interval, first.term_duration
    found: dict[str, object] = {
        "subscription_interval": interval,
        "subscription_cancellation": first.notice_period,
        "subscription_trial": trial.duration if trial is not None else None,
    }
    if term is None:
        return found
    ends = first.transition.type == "NONE" and len(phases) == 1
    if ends and term.unit == interval.unit and term.value % interval.value == 0:
        return {**found, "subscription_number_events": term.value // interval.value}
    found["subscription_duration"] = term
    if first.transition.type == "AUTO_RENEWAL":
        found["subscription_duration_follow"] = term
    elif len(phases) > 1:
        found["subscription_duration_follow"] = phases[1].term_duration
    return found


def _translations(content: OptionContent | None) -> dict[str, TranslationData]:
    words = content.words if content is not None else ()
    return {one.language: TranslationData(title=one.name, description=one.description) for one in words}


def _features(said: Mapping[str, str]) -> tuple[FeatureOfArticle, ...]:
    found = []
    for name, value in said.items():
        if name.startswith("feature."):
            code, quantity, word = _READ_FEATURE(value)
            found.append(FeatureOfArticle(code=code, quantity=None if quantity is None else Decimal(quantity), value=word))
    return tuple(found)


def shown_interval(duration: Duration | None) -> str | int:
    """`1 month`; 0 where there is none, as the vendor answers."""
    if duration is None:
        return 0
    months = {"QUARTER": 3, "HALF_YEAR": 6}.get(duration.unit)
    return f"{duration.value * months} month" if months else f"{duration.value} {duration.unit.lower()}"
