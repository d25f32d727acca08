"""Who is a customer already shows so by his e-mail alone, and nobody hears whether somebody is one."""

import re
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from tests.factories.post_offices import a_post_office
from tests.factories.proposals import Offerer
from tests.factories.tenants import Tenant
from tests.factories.visitors import cart_of, seen

from contor.api.http import read_body
from contor.api.limits import Limits
from contor.ui.ordering import checkout_routes


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Gehört {} zu einem Kundenkonto"), ("en", "If {} is that of a customer account")]
)
def test_the_email_alone_is_enough_to_ask_for_a_password(
    furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]], language: str, words: str
) -> None:
    offerer = Offerer(furnished, client, bearer(furnished))
    offerer.stock()
    runtime = furnished.runtime
    web = TestClient(Starlette(routes=checkout_routes(runtime, read_body, Limits(runtime.config).guard)), follow_redirects=False)
    with a_post_office() as office:
        offerer.configure(office)
        cart, visitor = cart_of(offerer, web, language)
        assert 'name="step" value="ask"' in visitor.look()
        pages = []
        for mail in ("nobody@muster.example", "einkauf@muster-handel.example"):
            page = visitor.press(step="ask", email=mail)
            assert words.format(mail) in page
            pages.append(page.replace(mail, ""))
        assert pages[0] == pages[1] and offerer.found(cart).email is None
        offerer.mail()
        assert len(office.taken) == 1
        code = re.search(r"\b([0-9]{8})\b", office.taken[-1].text)
        assert code is not None
        known = {"email": "einkauf@muster-handel.example"}
        assert 'name="otp"' in visitor.press(400, step="code", otp="00000000", email=known["email"])
        page = visitor.press(step="code", otp=code[1], email=known["email"])
        visitor.press(step="order", agree="1", seen=seen(page), email=known["email"])
        found = offerer.found(cart)
        assert (found.status, found.customer_ident, found.email) == ("COMPLETED", "muster-handel", known["email"])
    offerer.sound()
