"""invoice.*, item.*: drafts and documents as FastBill's clients know them."""

from contor.api.fastbill.invoices.after import cancel_invoice, capture, correct_vat, lock, set_paid, sign
from contor.api.fastbill.invoices.complete import complete_invoice
from contor.api.fastbill.invoices.get import get_invoices, get_items
from contor.api.fastbill.invoices.reminders import get_reminders
from contor.api.fastbill.invoices.sending import send_by_email, send_by_post
from contor.api.fastbill.invoices.write import create_invoice, delete_invoice, delete_item, update_invoice
from contor.api.kit import service
from contor.api.route import Route

SERVICES: list[Route] = [
    service("invoice.get", get_invoices, body="*"),
    service("invoice.cancel", cancel_invoice, body="*"),
    service("invoice.setpaid", set_paid, body="*"),
    service("invoice.capture", capture, body="*"),
    service("invoice.lock", lock, body="*"),
    service("invoice.correctvat2020", correct_vat, body="*"),
    service("invoice.sign", sign, body="*"),
    service("invoice.sendbyemail", send_by_email, body="*"),
    service("invoice.sendbypost", send_by_post, body="*"),
    service("invoice.getreminders", get_reminders, body="*"),
    service("item.get", get_items, body="*"),
    service("invoice.complete", complete_invoice, body="*"),
    service("invoice.create", create_invoice, body="*"),
    service("invoice.update", update_invoice, body="*"),
    service("invoice.delete", delete_invoice, body="*"),
    service("item.delete", delete_item, body="*"),
]
