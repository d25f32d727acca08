"""What `/v2` has about money: collected, read from the bank, assigned, cleared, settled, dunned, booked."""

from contor.api.platform.routes.money.accounts import ACCOUNT_ROUTES
from contor.api.platform.routes.money.assignment import ASSIGNMENT_ROUTES
from contor.api.platform.routes.money.books import BOOK_ROUTES
from contor.api.platform.routes.money.cases import CASE_ROUTES
from contor.api.platform.routes.money.closing import CLOSING_ROUTES
from contor.api.platform.routes.money.collection import COLLECTION_ROUTES
from contor.api.platform.routes.money.dunning import DUNNING_ROUTES
from contor.api.platform.routes.money.settlements import SETTLEMENT_ROUTES
from contor.api.platform.routes.money.statements import STATEMENT_ROUTES
from contor.api.route import Route

MONEY_ROUTES: list[Route] = [
    *CASE_ROUTES,
    *BOOK_ROUTES,
    *CLOSING_ROUTES,
    *ACCOUNT_ROUTES,
    *COLLECTION_ROUTES,
    *ASSIGNMENT_ROUTES,
    *STATEMENT_ROUTES,
    *SETTLEMENT_ROUTES,
    *DUNNING_ROUTES,
]

__all__ = ["MONEY_ROUTES"]
