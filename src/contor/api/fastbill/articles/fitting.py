"""What does not fit together in an article, and what of it cannot become something else."""

from contor.api.fastbill.articles.types import Terms
from contor.catalogue.articles.queries import find_articles
from contor.kernel.errors import Problem
from contor.runtime.uow import Uow

LONGEST = 1200
"""Units of a term."""


def article_findings(uow: Uow, terms: Terms) -> list[Problem]:
    """What does not fit together in an article."""
    problems = []
    if terms.subscription_interval is None:
        for name in ("trial", "duration", "duration_follow", "cancellation"):
            if getattr(terms, f"subscription_{name}") is not None:
                message = "is what an article with SUBSCRIPTION_INTERVAL has"
                problems.append(Problem("interval_missing", message, f"subscription_{name}"))
        if terms.setup_fee:
            message = "is charged at the beginning of a subscription: the article has no SUBSCRIPTION_INTERVAL"
            problems.append(Problem("interval_missing", message, "setup_fee", terms.setup_fee))
    elif terms.subscription_interval.value * terms.subscription_number_events > LONGEST:
        message = f"is more than {LONGEST} intervals"
        problems.append(Problem("events_too_many", message, "subscription_number_events", terms.subscription_number_events))
    if terms.assigned_articles and not terms.is_addon:
        message = "is what an add-on has"
        problems.append(Problem("addon_expected", message, "assigned_articles"))
    interval = terms.subscription_interval
    plans = {one.ident: one for one in find_articles(uow, idents=terms.assigned_articles)} if terms.assigned_articles else {}
    for number in terms.assigned_articles:
        plan = plans[number].plan if number in plans else None
        if plan is None:
            problems.append(Problem("article_unknown", f"{number} is no article with subscriptions", "assigned_articles", number))
        elif interval is not None and any(phase.billing_config.billing_interval != interval for phase in plan.content.phases):
            message = f"article {number} is billed at another interval: an add-on is billed with it"
            problems.append(Problem("interval_of_addon", message, "subscription_interval", number))
    return problems


def immovable(before: Terms, terms: Terms) -> list[Problem]:
    """What an article is cannot become another."""
    problems = []
    if (before.subscription_interval is None) != (terms.subscription_interval is None) or before.is_addon != terms.is_addon:
        message = "an article stays what it is: once, with subscriptions, or an add-on"
        problems.append(
            Problem("field_immutable", message, "subscription_interval" if before.is_addon == terms.is_addon else "is_addon")
        )
    gone = [number for number in before.assigned_articles if number not in terms.assigned_articles]
    if gone:
        message = f"{', '.join(gone)} offers it, and contracts may have it"
        problems.append(Problem("field_immutable", message, "assigned_articles"))
    return problems
