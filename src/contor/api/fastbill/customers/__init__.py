"""customer.*: customers as FastBill names them."""

from contor.api.fastbill.customers.create import create
from contor.api.fastbill.customers.get import get
from contor.api.kit import service
from contor.api.route import Route

SERVICES: list[Route] = [
    service("customer.get", get, body="*"),
    service("customer.create", create, body="*"),
]
