"""customer.* and contact.*."""

from contor.api.fastbill.customers import contacts, write
from contor.api.fastbill.customers.get import get
from contor.api.kit import service
from contor.api.route import Route

SERVICES: list[Route] = [
    service("customer.get", get, body="*"),
    service("customer.create", write.create, body="*"),
    service("customer.update", write.update, body="*"),
    service("customer.delete", write.delete, body="*"),
    service("customer.createsecurelink", write.create_secure_link, body="*"),
    service("customer.addcredits", write.add_credits, body="*"),
    service("contact.get", contacts.get, body="*"),
    service("contact.create", contacts.create, body="*"),
    service("contact.update", contacts.update, body="*"),
    service("contact.delete", contacts.delete, body="*"),
]
