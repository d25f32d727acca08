"""article.* and coupon.*."""

from contor.api.fastbill.articles import coupons, get, write
from contor.api.kit import service
from contor.api.route import Route

SERVICES: list[Route] = [
    service("article.get", get.get, body="*"),
    service("article.create", write.create, body="*"),
    service("article.update", write.update, body="*"),
    service("article.delete", write.delete, body="*"),
    service("coupon.get", coupons.get, body="*"),
    service("coupon.check", coupons.check, body="*"),
]
