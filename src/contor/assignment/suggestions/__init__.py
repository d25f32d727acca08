"""What payments may be for, where that is for a person to say: ranked, accepted or refused."""

from contor.assignment.suggestions.offers import PAID_OTHERWISE, offers_of
from contor.assignment.suggestions.store import Offered, offer, withdraw

__all__ = ["PAID_OTHERWISE", "Offered", "offer", "offers_of", "withdraw"]
