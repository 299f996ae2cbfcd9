"""What the member area puts on the desk."""

from collections.abc import Iterator

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.desk import (
    Reminder,
    Shortcut,
    register_reminders,
    register_shortcuts,
    register_tiles,
)

from .choices import RequestState
from .models import TransferRequest
from .records.roster import MEMBERS
from .records.transfers import REQUESTS

register_tiles("members.active.count", "members.realname.rate")


@register_reminders
def waiting_transfers(user: User) -> Iterator[Reminder]:
    """Requests that this user can decide: the own ones of a chair are not among them."""
    if not access.may(user, access.VIEW, REQUESTS):
        return
    waiting = access.rows(user, TransferRequest).filter(state=RequestState.WAITING)
    if not access.sees_whole_town(user):
        waiting = waiting.filter(from_union__in=access.unions_of(user)).exclude(requested_by=user)
    elif not access.may(user, access.CHANGE, REQUESTS):
        return
    if count := waiting.count():
        url = f"{REQUESTS.url('list')}?state={RequestState.WAITING}"
        yield Reminder(
            f"{count}份转会申请待处理", "基层工会申请把会员转到本工会，请核对后同意或不同意。", url, "warn"
        )


@register_shortcuts
def new_member(user: User) -> Iterator[Shortcut]:
    if access.may(user, access.ADD, MEMBERS):
        page = "new" if access.sees_whole_town(user) else "quick"
        yield Shortcut("新增会员", MEMBERS.url(page), "user-plus")
