"""article.create, article.update, article.delete: an article is made of the catalogue's options and plans."""

import datetime as dt
from collections.abc import Iterable

from contor.api.fastbill.articles.answers import article as shown
from contor.api.fastbill.articles.bodies import (
    main_body,
    main_of,
    others_of,
    plan_body,
    setup_body,
    setup_of,
    terms_of,
    usage_body,
    usage_of,
)
from contor.api.fastbill.articles.fitting import article_findings, immovable
from contor.api.fastbill.articles.rates import percent_of, tax_code
from contor.api.fastbill.articles.types import ArticleFields, ChangedArticle, NewArticle, OneArticleData, Terms
from contor.api.fastbill.ids import unknown
from contor.api.fastbill.refusals import Findings, said_as
from contor.api.fastbill.writing import Fields, done
from contor.catalogue.articles.queries import Article, find_articles
from contor.catalogue.options import CreateOption, OneOption, OptionBody, UpdateOption, create_option, delete_option, update_option
from contor.catalogue.plans import (
    CreatePlan,
    LinkOption,
    OnePlan,
    UpdatePlan,
    create_plan,
    delete_plan,
    link_option,
    update_plan,
)
from contor.catalogue.queries import options_by_ident
from contor.catalogue.types import Duration, LinkedOption
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.groups import default_segment

CORE = {
    "option_ident": "ARTICLE_NUMBER",
    "plan_id": "ARTICLE_ID",
    "plan_ident": "ARTICLE_NUMBER",
    "article_number": "ARTICLE_NUMBER",
    "name": "TITLE",
    "product_description": "DESCRIPTION",
    "price": "UNIT_PRICE",
    "currency": "CURRENCY_CODE",
    "phases": "SUBSCRIPTION_INTERVAL",
    "billing_interval": "SUBSCRIPTION_INTERVAL",
    "value": "SUBSCRIPTION_NUMBER_EVENTS",
    "term_duration": "SUBSCRIPTION_DURATION",
    "trial": "SUBSCRIPTION_TRIAL",
    "language": "TRANSLATIONS",
    "words": "TRANSLATIONS",
    "properties": "FEATURES",
    "type": "IS_ADDON",
}
"""Field of the core -> tag."""


@operation("fastbill.article_create", permission="catalogue.write")
def create(uow: Uow, data: NewArticle) -> Fields:
    """A plan with its options, or an option; add-ons are offered by the articles that they are assigned to."""
    uow.lock("article", [data.article_number])
    found = Findings()
    is_taken = bool(find_articles(uow, idents=[data.article_number], limit=1))
    if is_taken:
        found.add(_taken(data.article_number), kind=Kind.CONFLICT)
    terms = _begun(uow, data, found)
    found.add(*article_findings(uow, terms))
    if terms.is_plan and default_segment(uow) is None:
        message = "There is no billing group yet: who bills subscriptions is said in the settings."
        found.add(Problem("refused", message), kind=Kind.ILLEGAL_STATE)
    if not is_taken:
        with found.kept(CORE):
            create_option(uow, CreateOption(body=main_body(terms)))
    found.refuse()
    with said_as(CORE):
        if terms.is_plan:
            if terms.setup_fee:
                create_option(uow, CreateOption(body=setup_body(terms)))
            create_option(uow, CreateOption(body=usage_body(terms)))
            create_plan(uow, CreatePlan(body=plan_body(terms, ())))
        elif terms.is_addon:
            create_option(uow, CreateOption(body=usage_body(terms)))
            _offer(uow, terms, terms.assigned_articles)
    made = one_article(uow, data.article_number)
    return done(**{**shown(made.number, terms_of(made), percent_of(uow, terms.tax_code)), "article_id": made.number})


@operation("fastbill.article_update", permission="catalogue.write")
def update(uow: Uow, data: ChangedArticle) -> Fields:
    """What is left out stays. What subscriptions have costs the new price from their next interval on that begins after today."""
    found = _meant(uow, data.article_id, data.article_number)
    before = terms_of(found)
    terms = _with(uow, before, data)
    _refuse(immovable(before, terms) + article_findings(uow, terms))
    with said_as(CORE):
        _change_option(uow, found, main_of(found), main_body(terms))
        if found.plan is not None:
            _change_plan(uow, found, before, terms)
        else:
            _offer(uow, terms, [number for number in terms.assigned_articles if number not in before.assigned_articles])
    return done(article_id=str(found.number), article_number=found.ident)


@operation("fastbill.article_delete", permission="catalogue.write")
def delete(uow: Uow, data: OneArticleData) -> Fields:
    """As long as no contract has it, and no plan offers it."""
    uow.lock("article", [_meant(uow, data.article_id, data.article_number).ident])
    found = _meant(uow, data.article_id, data.article_number)  # as whoever was at it has left it
    with said_as(CORE):
        if found.plan is not None:
            delete_plan(uow, OnePlan(plan_id=found.plan.plan_id))
        for ident in (found.ident, setup_of(found.ident), usage_of(found.ident)):
            if ident in _existing(uow, found, ident):
                delete_option(uow, OneOption(option_ident=ident))
    return done()


def one_article(uow: Uow, number: str) -> Article:
    """Raises the refusal of ARTICLE_NUMBER."""
    found = find_articles(uow, idents=[number], limit=1)
    if not found:
        raise unknown("article_number", number)
    return found[0]


# helpers in calling order


def _taken(number: str) -> Problem:
    return Problem("article_exists", f"an article {number} exists already", "article_number", number)


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise Refused(Kind.INVALID, *found)


def _begun(uow: Uow, data: NewArticle, found: Findings) -> Terms:
    """A new article; with a rate that is none, for all else that may be wrong with it, without that rate."""
    empty = Terms(number=data.article_number, title=data.title, unit_price=data.unit_price, translations={})
    terms = _with(uow, empty, replace(data, vat_percent=None))
    with found.kept():
        terms = _with(uow, empty, data)
    if terms.is_addon and terms.subscription_interval is None:
        terms = replace(terms, subscription_interval=_interval_beside(uow, terms))
    return terms


def _with(uow: Uow, terms: Terms, data: ArticleFields) -> Terms:
    """The article with what is given of it."""
    given: Fields = {}
    for name in Terms.__dataclass_fields__:
        value = getattr(data, name, None)
        if value is not None:
            given[name] = value
    if data.vat_percent is not None:
        given["tax_code"] = tax_code(uow, data.vat_percent)
    if data.assigned_articles is not None:
        given["assigned_articles"] = tuple(dict.fromkeys(one.strip() for one in data.assigned_articles.split(",") if one.strip()))
    if given.get("type") == "digital_product":
        given.setdefault("is_digital", True)
    return replace(terms, **given)


def _interval_beside(uow: Uow, terms: Terms) -> Duration:
    """What an add-on that says no interval is billed at: that of the first article that offers it; a month where none does yet."""
    offering = find_articles(uow, idents=terms.assigned_articles[:1]) if terms.assigned_articles else []
    plans = [one.plan for one in offering if one.plan is not None]
    return plans[0].content.phases[0].billing_config.billing_interval if plans else Duration(value=1, unit="MONTH")


def _offer(uow: Uow, terms: Terms, numbers: Iterable[str]) -> None:
    """Let plans offer an add-on, and what is used of it."""
    for number in numbers:
        plan = one_article(uow, number).plan
        assert plan is not None  # looked up before
        for phase in plan.content.phases:
            once = LinkedOption(option_ident=terms.number, minimum=0)
            used = LinkedOption(option_ident=usage_of(terms.number), minimum=0, enable_for_all_contracts=True)
            for link in (once, used):
                link_option(uow, LinkOption(plan_ident=number, phase_ident=phase.ident, body=link))


def _meant(uow: Uow, number: str | None, ident: str | None) -> Article:
    """The article of an id, or of a number; some clients send the number as id."""
    if number is not None:
        whole = int(number) if number.strip().isdecimal() and len(number.strip()) <= 18 else None
        found = find_articles(uow, numbers=[whole], limit=1) if whole is not None else []
        found = found or find_articles(uow, idents=[number.strip()], limit=1)
        if not found:
            raise unknown("article_id", number)
        return found[0]
    if ident is None:
        raise unknown("article_id")
    return one_article(uow, ident)


def _change_option(uow: Uow, article: Article, ident: str | None, body: OptionBody) -> None:
    """At once, as long as no contract has it; else for intervals that begin after today."""
    if ident is None or ident not in article.options:
        return
    option = article.options[ident]
    content = option.versions[-1].content
    wanted = replace(body, option_ident=ident, type=option.type, status="FINAL" if _is_taken(uow, article) else option.status)
    same = all(getattr(content, name) == getattr(wanted, name) for name in content.__dataclass_fields__)
    if same:
        return
    if option.status == "DRAFT" and wanted.status == "FINAL":  # what contracts have stays as it is until then
        stands = OptionBody(
            type=option.type, status="FINAL", **{name: getattr(content, name) for name in content.__dataclass_fields__}
        )
        update_option(uow, UpdateOption(option_ident=ident, body=stands))
    later = uow.ctx.today() + dt.timedelta(days=1) if wanted.status == "FINAL" else None
    update_option(uow, UpdateOption(option_ident=ident, body=replace(wanted, valid_from=later)))


def _is_taken(uow: Uow, article: Article) -> bool:
    """Whether contracts may have it."""
    if article.plan is not None:
        return article.plan.has_contracts
    plans = [one.plan for one in find_articles(uow, idents=article.offered_by)] if article.offered_by else []
    return any(plan is not None and plan.has_contracts for plan in plans)


def _change_plan(uow: Uow, article: Article, before: Terms, terms: Terms) -> None:
    plan = article.plan
    assert plan is not None
    setup = setup_of(article.ident)
    if setup in article.options:
        _change_option(uow, article, setup, setup_body(terms))
    elif terms.setup_fee and not before.setup_fee:
        create_option(uow, CreateOption(body=setup_body(terms)))
    known = (article.ident, setup, usage_of(article.ident))
    linked = [link for link in plan.content.phases[0].linked_options if link.option_ident not in known]
    body = plan_body(terms, linked, others_of(plan.content.properties))
    if not _of_ours(article):  # made in another way: its phases stay, and only what is said of it changes
        body = replace(body, phases=plan.content.phases, trial=plan.content.trial)
    elif plan.has_contracts and bool(terms.setup_fee) == bool(before.setup_fee) and _times_of(before) == _times_of(terms):
        body = replace(body, phases=plan.content.phases)
    content = {name: getattr(plan.content, name) for name in ("business_segment_ident", "type", "day_count", "partial_supply")}
    update_plan(uow, UpdatePlan(plan_id=plan.plan_id, body=replace(body, **content)))
    if plan.has_contracts:
        return
    if usage_of(article.ident) in article.options:
        _change_option(uow, article, usage_of(article.ident), usage_body(terms))
    if setup in article.options and not terms.setup_fee:
        delete_option(uow, OneOption(option_ident=setup))


def _of_ours(article: Article) -> bool:
    return article.plan is not None and usage_of(article.ident) in article.options


def _times_of(terms: Terms) -> list[object]:
    return [getattr(terms, name) for name in Terms.__dataclass_fields__ if name.startswith("subscription_")]


def _existing(uow: Uow, article: Article, ident: str) -> Iterable[str]:
    if ident in article.options:
        return (ident,)
    return options_by_ident(uow, [ident])
