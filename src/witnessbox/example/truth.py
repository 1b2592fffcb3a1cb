"""The truth about the example, for whoever checks what was read out of it.

Lists that belong together stand side by side as columns of one length; ids join them.
"""

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from witnessbox.example.layouts import layout
from witnessbox.example.model import Export, Label, Message, Notice, Talked
from witnessbox.example.people import FORCE, OFFICERS, TEAM
from witnessbox.example.phones import PHONE

Json = dict[str, Any]

ABOUT = (
    "What the eighteen files hold. conversations: what was truly sent, times in UTC. files: each "
    "file's records in file order, with first and end byte in the named source (a zip's member is "
    "a source of its own). WhatsApp records tile their source; a Messenger record is its object, "
    "braces included. forms: records that differ from plain text. Nothing in it is real."
)


def truth(talks: Sequence[Talked], exports: Sequence[Export], seed: int, scale: float) -> Json:
    """Put all that was written, and how, into one document."""
    return {
        "about": ABOUT,
        "seed": seed,
        "scale": scale,
        "force": FORCE,
        "team": TEAM,
        "totals": _totals(talks, exports),
        "officers": [asdict(officer) for officer in OFFICERS],
        "conversations": [_conversation(talked, exports) for talked in talks],
        "files": [_file(export) for export in exports],
    }


def _totals(talks: Sequence[Talked], exports: Sequence[Export]) -> Json:
    messages = [message for talked in talks for message in talked.messages]
    roles = [message.label.role for message in messages if message.label]
    counts = [_counts(export) for export in exports]
    return {
        "files": len(exports),
        "sources": sum(len(export.sources) for export in exports),
        "conversations": len(talks),
        "messages": len(messages),
        "notices": sum(len(talked.notices) for talked in talks),
        "message_records": sum(count["messages"] for count in counts),
        "notice_records": sum(count["notices"] for count in counts),
        **{role: roles.count(role) for role in sorted(set(roles))},
    }


def _counts(export: Export) -> dict[str, int]:
    notices = sum(isinstance(line.entry, Notice) for line in export.copy.lines)
    return {"messages": len(export.copy.lines) - notices, "notices": notices}


def _conversation(talked: Talked, exports: Sequence[Export]) -> Json:
    messages = talked.messages
    held = _text_holders(talked, exports)
    return {
        "id": talked.chat.key,
        "platform": talked.chat.platform,
        "titles": [{"since": since, "title": title} for since, title in talked.chat.titles],
        "membership": [asdict(spell) for spell in talked.chat.spells],
        "files": [
            export.copy.plan.reference
            for export in exports
            if export.copy.plan.chat == talked.chat.key
        ],
        "messages": {
            "id": [message.key for message in messages],
            "at_ms": [message.at_ms for message in messages],
            "sender": [message.sender for message in messages],
            "kind": [message.kind for message in messages],
            "text": [message.text for message in messages],
            "copies_with_text": [held[message.key] for message in messages],
        },
        "media": {message.key: message.media for message in messages if message.media},
        "labels": {message.key: _label(message.label) for message in messages if message.label},
        "first_wordings": {
            message.key: message.before for message in messages if message.before is not None
        },
        "deleted_for_everyone": [message.key for message in messages if message.recalled],
        "reactions": {message.key: message.reactions for message in messages if message.reactions},
        "notices": [asdict(notice) for notice in talked.notices],
    }


def _text_holders(talked: Talked, exports: Sequence[Export]) -> dict[str, int]:
    held = dict.fromkeys((message.key for message in talked.messages), 0)
    for export in exports:
        if export.copy.plan.chat != talked.chat.key:
            continue
        for line in export.copy.lines:
            readable = line.form != "placeholder" and line.entry.key != export.partial
            if isinstance(line.entry, Message) and readable:
                held[line.entry.key] += 1
    return held


def _label(label: Label) -> Json:
    return {key: value for key, value in asdict(label).items() if value}


def _file(export: Export) -> Json:
    plan, phone = export.copy.plan, PHONE[export.copy.plan.phone]
    return {
        "file": export.path,
        "sha256": sha256(export.content).hexdigest(),
        "size_bytes": len(export.content),
        "reference": plan.reference,
        "conversation": plan.chat,
        "title": export.copy.title,
        "phone": phone.key,
        "custodian": phone.owner,
        "names": dict(export.names),
        **_writing(export),
        "counts": _counts(export),
        "forms": _forms(export),
        "deleted_here": list(export.copy.deleted),
        "cleared_before": plan.cleared,
        "forged_line": export.forged_at,
        "broken_off_in": export.partial,
        "local_notices": [
            asdict(line.entry)
            for line in export.copy.lines
            if isinstance(line.entry, Notice) and f"-{phone.key}-" in line.entry.key
        ],
        "sources": [
            {
                "source": source.name,
                "sha256": sha256(source.content).hexdigest(),
                "size_bytes": len(source.content),
                "ids": source.keys,
                "starts": source.starts,
                "ends": source.ends,
            }
            for source in export.sources
        ],
    }


def _writing(export: Export) -> Json:
    """Say how dates, times and words are written, and how far the clock was off."""
    phone = PHONE[export.copy.plan.phone]
    if export.copy.plan.chat.startswith("m"):
        return {"layout": "messenger-json", "zone": "UTC", "clock_offset_s": 0}
    form = layout(phone.layout)
    return {
        "layout": form.name,
        "family": form.family,
        "locale": form.locale,
        "date_order": form.order,
        "clock_hours": form.clock,
        "zone": phone.zone,
        "clock_offset_s": phone.offset_s,
        "byte_order_mark_and_crlf": phone.desktop,
        "media": "attached" if export.copy.plan.attached else "omitted",
    }


def _forms(export: Export) -> Json:
    forms: dict[str, list[str]] = {}
    for line in export.copy.lines:
        if line.form != "plain":
            forms.setdefault(line.form, []).append(line.entry.key)
    return forms
