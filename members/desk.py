"""What the member area puts on the desk."""

from collections.abc import Iterator

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.desk import (
    Reminder,
    Shortcut,
    of_list,
    register_reminders,
    register_shortcuts,
    register_tiles,
)

from .choices import RequestState
from .records.roster import MEMBERS
from .records.transfers import REQUESTS

register_tiles("members.active.count", "members.realname.rate")


@register_reminders
def waiting_transfers(user: User) -> Iterator[Reminder]:
    """Requests that wait: the whole town's, or those a chair can decide, the own ones not among them."""
    query = f"state={RequestState.WAITING}"
    if not access.sees_whole_town(user):
        query += f"&from_union={user.union_id}&turn={user.pk}"
    text = "基层工会申请把会员转到本工会，请核对后同意或不同意。"
    yield from of_list(user, REQUESTS, query, "{count}份转会申请待处理", "warn", text=text)


@register_shortcuts
def new_member(user: User) -> Iterator[Shortcut]:
    if access.may(user, access.ADD, MEMBERS):
        page = "new" if access.sees_whole_town(user) else "quick"
        yield Shortcut("新增会员", MEMBERS.url(page), "user-plus")
