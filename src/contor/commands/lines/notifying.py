"""`contor notifications`: the log of what other systems were told, sending again, and where it goes."""

from typing import Annotated

import typer
from rich.markup import escape

from contor.commands.terminal import argued, opened, out, printed_table, say_whose

app = typer.Typer(no_args_is_help=True, help="Notifications to other systems.")
Organization = Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")]
Search = Annotated[str | None, typer.Option(help="RSQL as in GET /v2/notifications, e.g. 'status==FAILED;sequence=gt=100'.")]


@app.command("list")
def list_command(
    search: Search = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many, the latest first.")] = 20,
    organization: Organization = None,
) -> None:
    """Show notifications with their last try."""
    from contor.commands.billing import caller_of
    from contor.notifications.log import ListNotifications, NotificationView, list_notifications
    from contor.runtime.query import ListQuery, Order, PageRequest
    from contor.runtime.query.rsql import parse

    with opened() as runtime, argued({"search": "--search"}):
        query = ListQuery(parse(search) if search else None, (Order("sequence", "desc"),), PageRequest(limit))
        page = runtime.execute(list_notifications, ListNotifications(query), caller_of(runtime, organization))
    table = printed_table("sequence", "type", "subject", "status", "tries", "last answer", "ident")
    for one in reversed(page.items):
        assert isinstance(one, NotificationView)
        last = one.attempts[-1] if one.attempts else None
        answer = "" if last is None else last.failure or f"HTTP {last.http_status}, {last.milliseconds} ms"
        cells = (
            str(one.sequence),
            one.type,
            escape(one.subject),
            one.status or "",
            str(len(one.attempts)),
            escape(answer),
            one.ident,
        )
        table.add_row(*cells)
    out.print(table)


@app.command("routes")
def routes_command(organization: Organization = None) -> None:
    """Show where notifications go, and how that stands."""
    from contor.commands.billing import caller_of
    from contor.notifications.routes import ROUTES
    from contor.runtime.query import ListQuery, PageRequest
    from contor.runtime.resource import Listed

    with opened() as runtime:
        command = Listed((), ListQuery(page=PageRequest(100)))
        page = runtime.execute(ROUTES.list, command, caller_of(runtime, organization))
    table = printed_table("route", "type", "url", "status", "waiting", "failed in a row", "signed")
    for one in page.items:
        assert isinstance(one, dict)
        because = f" ({one['paused_because']})" if one["paused_because"] else ""
        table.add_row(
            one["ident"],
            one["type"],
            escape(one["url"]),
            escape(f"{one['status']}{because}"),
            str(one["waiting"]),
            str(one["failures_in_row"]),
            "yes" if one["is_signed"] else "no",
        )
    out.print(table)


@app.command("resend")
def resend_command(
    idents: Annotated[list[str] | None, typer.Argument(help="Idents of notifications.")] = None,
    search: Search = None,
    route: Annotated[str | None, typer.Option(help="The only route that is meant; default: all that want them.")] = None,
    organization: Organization = None,
) -> None:
    """Let notifications be sent again by the workers, also delivered ones: those that are named, or that a search finds."""
    from contor.commands.billing import caller_of
    from contor.kernel.money import counted
    from contor.notifications.log import resend_notifications

    arguments = {"idents": "IDENTS", "search": "--search", "routeIdent": "--route", "route_ident": "--route"}
    body = {"idents": idents or [], "search": search, "route_ident": route}
    with opened() as runtime, argued(arguments):
        say_whose(runtime, organization)
        caller = caller_of(runtime, organization)
        done = runtime.execute(resend_notifications, {"body": body}, caller)
    out.print(f"{counted(done.notifications, 'notification')}, sent again {counted(done.deliveries, 'time')}")
