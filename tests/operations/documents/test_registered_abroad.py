"""A site that is registered for VAT in another country shows that country's id on what is taxed there."""

from tests.factories.posted import a_request, post
from tests.factories.tenants import Tenant

from contor.documents.issue.issuing import IssueWaiting, issue_waiting
from contor.documents.queries import frozen
from contor.settings.sites import add_registrations


def item(country: str, rate: int) -> dict[str, object]:
    return {
        "ident": "i-1", "category": "SERVICE", "name": "Wartung", "quantity": 1, "quantity_type": "PC",
        "prices": {"unit": {"net": "10.00"}, "original_total": {"net": "10.00"}, "total": {"net": "10.00"}},
        "tax_detail": {"taxes": [{"rate": rate, "category_code": "S"}]}, "performance_location": {"country": country},
    }  # fmt: skip


def test_the_id_of_the_country_of_taxation_is_shown(furnished: Tenant) -> None:
    (site,) = furnished.rows('SELECT ident, vat_id FROM operating_site WHERE "default"')
    registered = {"ident": "fr", "country": "FR", "vat_id": "FR83404833048"}
    later = {"ident": "at", "country": "AT", "vat_id": "ATU12345675", "valid_from": "2999-01-01"}
    shop = {"ident": "oss", "country": "IE", "vat_id": "IE6388047V", "scheme": "OSS", "valid_from": "2020-01-01"}
    outside = {"ident": "non-union", "country": "IE", "vat_id": "EU372000041", "scheme": "IOSS"}
    furnished.execute(add_registrations, {"operating_site_ident": site.ident, "body": [registered, later, shop, outside]})
    for number, (country, rate) in enumerate([("FR", 20), ("DE", 19), ("AT", 20)], 1):
        post(furnished, a_request(number, items=[item(country, rate)]))
    furnished.execute(issue_waiting, IssueWaiting(limit=10))
    sql = "SELECT d.ident, c.snapshot FROM document d JOIN document_content c ON c.document_id = d.id ORDER BY d.number_value"
    shown = [frozen(row.ident, row.snapshot).seller.vat_id for row in furnished.rows(sql)]
    assert shown == ["FR83404833048", site.vat_id, "IE6388047V"]
    booked = furnished.rows("SELECT account FROM journal_line WHERE tax_base IS NOT NULL ORDER BY entry_id")
    assert len({row.account for row in booked}) == 3  # tax of France, of Germany, and of the one-stop shop
    assert furnished.broken() == []


def test_a_registration_of_a_region_counts_there(furnished: Tenant) -> None:
    (site,) = furnished.rows('SELECT ident FROM operating_site WHERE "default"')
    country = {"ident": "es", "country": "ES", "vat_id": "ESB58378431"}
    region = {"ident": "bizkaia", "country": "ES", "region": "Bizkaia", "vat_id": "ESA48265169"}
    furnished.execute(add_registrations, {"operating_site_ident": site.ident, "body": [region, country]})
    for number, where in enumerate(("Bizkaia", None, "Madrid"), 1):
        there = {"performance_location": {"country": "ES", **({"region": where} if where else {})}}
        post(furnished, a_request(number, items=[{**item("ES", 21), **there}]))
    furnished.execute(issue_waiting, IssueWaiting(limit=10))
    sql = "SELECT d.ident, c.snapshot FROM document d JOIN document_content c ON c.document_id = d.id ORDER BY d.number_value"
    shown = [frozen(row.ident, row.snapshot).seller.vat_id for row in furnished.rows(sql)]
    assert shown == ["ESA48265169", "ESB58378431", "ESB58378431"]
