"""An article and a coupon as they are answered. Pure, but for the rate of a tax code."""

from collections.abc import Sequence
from decimal import Decimal

from contor.api.fastbill.articles.bodies import shown_interval
from contor.api.fastbill.articles.types import Terms
from contor.api.fastbill.writing import Fields, decimals, flagged, identifier, moment, words
from contor.kernel.shapes import Fields as Row


def article(number: int, terms: Terms, percent: Decimal) -> Fields:
    return {
        "article_id": identifier(number),
        "article_number": terms.number,
        "type": terms.type,
        "title": terms.title,
        "description": words(terms.description),
        "unit": words(terms.unit),
        "unit_price": decimals(terms.unit_price, 4),
        "setup_fee": decimals(terms.setup_fee, 4),
        "currency_code": terms.currency_code,
        "vat_percent": decimals(percent, 2),
        "is_gross": int(terms.is_gross),
        "tags": words(terms.tags),
        "allow_multiple": flagged(terms.allow_multiple),
        "is_addon": flagged(terms.is_addon),
        "is_digital": flagged(terms.is_digital),
        "assigned_articles": ", ".join(terms.assigned_articles),
        "translations": {
            code.upper(): {"title": words(said.title), "description": words(said.description)}
            for code, said in sorted(terms.translations.items())
        }
        or [],
        "subscription_interval": shown_interval(terms.subscription_interval),
        "subscription_number_events": str(terms.subscription_number_events),
        "subscription_trial": shown_interval(terms.subscription_trial),
        "subscription_duration": shown_interval(terms.subscription_duration),
        "subscription_duration_follow": shown_interval(terms.subscription_duration_follow),
        "subscription_cancellation": shown_interval(terms.subscription_cancellation),
        "return_url_success": words(terms.return_url_success),
        "return_url_cancel": words(terms.return_url_cancel),
        "checkout_url": words(terms.checkout_url),
        "features": [
            {"code": one.code, "quantity": one.quantity if one.quantity is not None else 0, "value": words(one.value)}
            for one in terms.features
        ],
    }


_UNITS = {
    "EVENT": "event",
    "DAY": "day",
    "WEEK": "week",
    "MONTH": "month",
    "QUARTER": "month",
    "HALF_YEAR": "month",
    "YEAR": "year",
}
_MONTHS = {"QUARTER": 3, "HALF_YEAR": 6}


def period_of(row: Row) -> tuple[int, str]:
    """How long a coupon reduces; 0 events: for ever."""
    if row["duration"] == "ONCE":
        return 1, "event"
    if row["duration"] == "FOREVER":
        return 0, "event"
    unit = row["period"]["unit"]
    return row["period"]["value"] * _MONTHS.get(unit, 1), _UNITS[unit]


def coupon(row: Row) -> Fields:
    """A row of the coupons, with its state."""
    is_percent = row["type"] == "PERCENTAGE"
    value = row["percentage"] if is_percent else row["amount"]
    count, unit = period_of(row)
    shown = decimals(value, 2).replace(".", ",")
    return {
        "code": row["code"],
        "title": row["name"],
        "discount": f"{shown}%" if is_percent else f"{shown} {_SIGNS.get(row['currency'], row['currency'])}",
        "discount_amount": decimals(value, 4 if is_percent else 5),
        "discount_type": "percent" if is_percent else "fixed",
        "discount_period": f"{count} {unit}",
        "discount_period_amount": str(count),
        "discount_period_unit": unit,
        "campaign": words(row["campaign"]),
        "valid_from": _day(row["valid_from"]),
        "valid_to": _day(row["valid_to"]),
        "assigned_articles": ", ".join(row["plans"]),
        "affiliate": next((one["value"] for one in row["properties"] if one["key"] == AFFILIATE), ""),
        "usages": str(row["usages"]),
        "usages_max": str(row["limit_total"] or 0),
        "state": "PREMATURE" if row["state"] == "PREMATURE" else "USED" if row["usages"] else "UNUSED",
    }


AFFILIATE = "affiliate"
"""The property of a coupon that says for whose sales it is."""
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def _day(day: object) -> str | None:
    return moment(day) if day is not None else None  # type: ignore[arg-type]  # a date of the row


def listed_articles(rows: Sequence[tuple[int, Terms, Decimal]]) -> Fields:
    return {"articles": [article(*row) for row in rows]}
