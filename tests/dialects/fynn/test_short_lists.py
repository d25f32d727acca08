"""Lists that are answered whole take `page` and `limit` as every other one does."""

import pytest
from tests.factories.fynn import Fynn

LISTS = [
    "/customers/muster-handel/addresses",
    "/customers/muster-handel/email-addresses",
    "/customers/muster-handel/children",
    "/customers/muster-handel/settings",
    "/accounting/accounts",
]


@pytest.mark.parametrize("path", LISTS)
def test_a_short_list_has_pages_too(fynn: Fynn, path: str) -> None:
    fynn.call("POST", "/customers/muster-handel/addresses", {"street": "Kai", "zip": "20457", "city": "Hamburg"})
    fynn.call("POST", "/customers/muster-handel/email-addresses", {"email": "zweite@muster.example"})
    whole = fynn.call("GET", path)
    size = len(whole["data"])
    alone = {"totalItems": size, "itemsPerPage": size, "currentPage": 1, "lastPage": 1, "pageTotalItems": size}
    assert whole["meta"]["pagination"] == alone
    second = fynn.call("GET", f"{path}?page=2&limit=1")
    assert second["data"] == whole["data"][1:2]
    cut = {"totalItems": size, "itemsPerPage": 1, "currentPage": 2, "lastPage": max(size, 1), "pageTotalItems": len(second["data"])}
    assert second["meta"]["pagination"] == cut
    assert fynn.call("GET", f"{path}?page=1")["data"] == whole["data"][:30]
    assert fynn.call("GET", f"{path}?limit=0")["data"] == []
    assert fynn.call("GET", f"{path}?page=99")["data"] == []
    refused = fynn.call("GET", f"{path}?page=x&limit=101", None, 400)
    assert [one["propertyPath"] for one in refused["violations"]] == ["page", "limit"]
