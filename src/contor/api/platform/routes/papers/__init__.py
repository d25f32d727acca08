"""What stands before and beside the documents in `/v2`: projects with their times, offers, papers received."""

from contor.api.platform.routes.papers.offers import OFFER_ROUTES
from contor.api.platform.routes.papers.projects import PROJECT_ROUTES
from contor.api.platform.routes.papers.received import RECEIVED_ROUTES
from contor.api.route import Route

PAPER_ROUTES: list[Route] = [*PROJECT_ROUTES, *OFFER_ROUTES, *RECEIVED_ROUTES]

__all__ = ["PAPER_ROUTES"]
