"""The log of notifications: read, sent again, forgotten in time."""

from contor.notifications.log.listed import (
    NOTIFICATIONS,
    ListNotifications,
    NotificationView,
    OneNotification,
    get_notification,
    list_notifications,
)
from contor.notifications.log.resending import Resent, resend_notification, resend_notifications
from contor.notifications.log.retention import ForgetNotifications, forget

__all__ = [
    "NOTIFICATIONS",
    "ForgetNotifications",
    "ListNotifications",
    "NotificationView",
    "OneNotification",
    "Resent",
    "forget",
    "get_notification",
    "list_notifications",
    "resend_notification",
    "resend_notifications",
]
