"""Who has a link to a page on which somebody orders."""

import re
from typing import Any

from starlette.testclient import TestClient
from tests.factories.proposals import Offerer

from contor.checkout.links import address_of_cart


class Visitor:
    """Who has a link, and a browser without scripts."""

    def __init__(self, web: TestClient, path: str, token: str, language: str = "en") -> None:
        self.web, self.path, self.token, self.language = web, path, token, language

    def look(self, status: int = 200) -> str:
        return self._answered(self.web.get(self.path, params={"token": self.token}, headers=self._headers()), status)

    def press(self, status: int = 200, **fields: str) -> str:
        return self._answered(self.web.post(self.path, data={"token": self.token, **fields}, headers=self._headers()), status)

    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": self.language}

    def _answered(self, answer: Any, status: int) -> str:
        assert answer.status_code == status, answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "'unsafe-eval'" not in policy and "script-src 'unsafe" not in policy
        assert "<script>" not in answer.text and answer.headers["cache-control"] == "no-store"
        return str(answer.text)


def cart_of(offerer: Offerer, web: TestClient, language: str = "en", **link: Any) -> tuple[str, Visitor]:
    cart = offerer.cart(**link)
    with offerer.tenant.runtime.transaction(offerer.tenant.caller(), reads=True) as uow:
        address = address_of_cart(uow, offerer.found(cart).cart_id)
    return cart, Visitor(web, "/checkout", address.partition("token=")[2], language)


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found is not None, page
    return found[1]
