"""What rows say that the app wrote: changes of groups, timers, keys and names, and calls.

No row of the database has words for these; the text gives the row's own terms, with names for ids.
"""

from collections.abc import Callable, Iterator

from witnessbox.intake.database.people import OWNER
from witnessbox.intake.signal_desktop import codes
from witnessbox.intake.signal_desktop.beside import CallTold
from witnessbox.intake.signal_desktop.words import Call, Detail, Line, Timer, Update

Name = Callable[[str | None], str | None]
_YOU = "You"  # as the app wrote for its owner
_ADMIN = 2


def notice_text(type_: str | None, line: Line, call: CallTold | None, name: Name) -> str | None:
    """Tell a notice or call in its own terms; nothing where the row is neither."""
    if type_ == codes.CALL:
        return _call(line.call_history_details) if call is None else call.words
    told = [one for one in _parts(line, name) if one]
    if type_ in codes.NOTICES:
        return f"{type_}: {'; '.join(told)}" if told else type_
    return "; ".join(told) or None


def _call(call: Call | None) -> str | None:
    if call is None:
        return None
    words = (
        call.call_mode,
        None if call.was_video_call is None else ("Video" if call.was_video_call else "Audio"),
        None if call.was_incoming is None else ("Incoming" if call.was_incoming else "Outgoing"),
        "Declined" if call.was_declined else ("Accepted" if call.accepted_time else None),
    )
    return " ".join(word for word in words if word) or None


def _parts(line: Line, name: Name) -> Iterator[str | None]:
    if line.group_v2_change is not None:
        for detail in line.group_v2_change.details or ():
            yield _detail(detail, name)
    if line.group_update is not None:
        for event, _, member in _update(line.group_update, name):
            yield f"{event} {member}"
    yield _timer(line.expiration_timer_update)
    yield from map(name, (line.key_changed, line.changed_id))
    yield from _terms(line, name)


def _terms(line: Line, name: Name) -> Iterator[str | None]:
    profile, asked = line.profile_change, line.poll_terminate_notification
    found = line.phone_number_discovery
    state = "verified" if line.verified else "not verified"
    yield f"{name(line.verified_changed)} {state}" if line.verified_changed else None
    yield None if profile is None else f"{profile.old_name} → {profile.new_name}"
    yield line.message_request_response_event
    yield None if found is None else found.e164
    yield None if asked is None else asked.question
    yield "payment" if line.payment else None
    yield "giftBadge" if line.gift_badge else None


def _timer(timer: Timer | None) -> str | None:
    if timer is None:
        return None
    after = f"after {timer.expire_timer} seconds" if timer.expire_timer else "off"
    return f"disappearing messages {after}"


def _detail(detail: Detail, name: Name) -> str:
    role = {None: None, _ADMIN: "admin"}.get(detail.new_privilege, "not admin")
    words = (detail.type, name(detail.who), detail.new_title, role)
    return " ".join(word for word in words if word)


def changes(line: Line, name: Name) -> Iterator[tuple[str, str | None, str | None]]:
    """Tell who came and went: what happened, by whom, to whom; for a title, what it is now."""
    if line.group_update is not None:
        yield from _update(line.group_update, name)
    change = line.group_v2_change
    if change is None:
        return
    for detail in change.details or ():
        event = codes.EVENT_OF.get(detail.type or "")
        if event is None:
            continue
        actor, member = name(change.by), name(detail.who)
        if event == "subject":
            member = detail.new_title
        elif actor is not None and actor == member:
            event = codes.BY_ONESELF.get(event, event)
        yield event, actor, member


def _update(update: Update, name: Name) -> Iterator[tuple[str, str | None, str | None]]:
    left = [update.left] if isinstance(update.left, str) else update.left or []
    for one in update.joined or ():
        yield "added", None, name(one)
    for one in left:
        who = OWNER if one == _YOU else name(one)
        yield "left", who, who
    if update.name:
        yield "subject", None, update.name
