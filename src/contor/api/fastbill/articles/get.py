"""article.get."""

from contor.api.fastbill.articles.answers import listed_articles
from contor.api.fastbill.articles.bodies import OWN, terms_of
from contor.api.fastbill.articles.rates import percent_of
from contor.api.fastbill.articles.types import ArticleFilter
from contor.api.fastbill.writing import Fields
from contor.catalogue.articles.queries import find_articles
from contor.kernel.operations import operation
from contor.runtime.uow import Uow


@operation("fastbill.article_get", permission="catalogue.read", reads=True)
def get(uow: Uow, where: ArticleFilter) -> Fields:
    """The articles that the filter means, the oldest first."""
    found = find_articles(
        uow,
        numbers=None if where.article_id is None else [where.article_id],
        idents=None if where.article_number is None else [where.article_number],
        property_holds=None if where.tags is None else (f"{OWN}tags", where.tags),
        limit=where.limit,
        offset=where.offset,
    )
    rows = [(one.number, terms_of(one)) for one in found]
    return listed_articles([(number, terms, percent_of(uow, terms.tax_code)) for number, terms in rows])
