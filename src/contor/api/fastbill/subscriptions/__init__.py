"""subscription.*: contracts as FastBill Automatic names them."""

from contor.api.fastbill.subscriptions.change import change_article, set_addon
from contor.api.fastbill.subscriptions.create import create, get_upcoming_amount
from contor.api.fastbill.subscriptions.get import get
from contor.api.fastbill.subscriptions.life import (
    cancel,
    postpone_subscription,
    reactivate_subscription,
    renew_subscription,
)
from contor.api.fastbill.subscriptions.links import create_secure_link
from contor.api.fastbill.subscriptions.update import update
from contor.api.fastbill.subscriptions.usage import delete_usage_data, get_usage_data, set_usage_data
from contor.api.kit import service
from contor.api.route import Route

SERVICES: list[Route] = [
    service("subscription.get", get, body="*"),
    service("subscription.create", create, body="*"),
    service("subscription.update", update, body="*"),
    service("subscription.changearticle", change_article, body="*"),
    service("subscription.setaddon", set_addon, body="*"),
    service("subscription.setusagedata", set_usage_data, body="*"),
    service("subscription.getusagedata", get_usage_data, body="*"),
    service("subscription.deleteusagedata", delete_usage_data, body="*"),
    service("subscription.getupcomingamount", get_upcoming_amount, body="*"),
    service("subscription.cancel", cancel, body="*"),
    service("subscription.reactivate", reactivate_subscription, body="*"),
    service("subscription.renew", renew_subscription, body="*"),
    service("subscription.postpone", postpone_subscription, body="*"),
    service("subscription.createsecurelink", create_secure_link, body="*"),
]
