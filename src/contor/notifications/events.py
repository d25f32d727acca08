"""Facts about notifications. Pure."""

from contor.kernel.events import event


@event("notification_route.paused")
class RoutesPaused:
    """Routes failed so often, one time upon the other, that nothing is sent there until a person says so again. Nothing is lost."""

    route_idents: tuple[str, ...]
