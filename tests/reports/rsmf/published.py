"""The rules of the published schema of RSMF 2.0, put down from its facts without its wording."""

from typing import Any

from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]

Schema = dict[str, Any]


def _text(**more: Any) -> Schema:
    return {"type": "string", **more}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "required": required, "properties": properties}


NAMED = _text(minLength=1)
TIME = _text(format="date-time")
CUSTOM = _list(_object(["name", "value"], name=NAMED, value=NAMED))
PARTICIPANT = _object(
    ["id"],
    id=NAMED,
    display=_text(),
    email=_text(),
    avatar=_text(),
    account_id=_text(),
    custom=CUSTOM,
)
CONVERSATION = _object(
    ["id", "platform", "participants"],
    id=NAMED,
    display=_text(),
    platform=NAMED,
    type=_text(enum=["direct", "channel"]),
    participants=_list(NAMED),
    custodian=_text(),
    custom=CUSTOM,
    icon=_text(),
)
EVENT = _object(
    ["type"],
    id=_text(),
    type=_text(enum=["message", "disclaimer", "join", "leave", "history", "unknown"]),
    parent=_text(),
    body=_text(),
    participant=_text(),
    conversation=_text(),
    timestamp=TIME,
    deleted={"type": "boolean"},
    importance=_text(enum=["normal", "high"]),
    direction=_text(enum=["incoming", "outgoing"]),
    reactions=_list(
        _object(["value"], value=NAMED, count={"type": "integer"}, participants=_list(NAMED))
    ),
    attachments=_list(_object(["id"], id=NAMED, display=_text(), size={"type": "integer"})),
    edits=_list(
        _object(["participant"], participant=NAMED, timestamp=TIME, previous=_text(), new=_text())
    ),
    read_receipts=_list(
        _object(
            ["participant"],
            participant=NAMED,
            timestamp=TIME,
            action=_text(enum=["read", "delivered"]),
        )
    ),
    custom=CUSTOM,
)
MANIFEST = _object(
    ["version", "participants", "conversations", "events"],
    version=_text(minLength=5),
    participants=_list(PARTICIPANT),
    conversations=_list(CONVERSATION),
    events=_list(EVENT),
    eventcollectionid=_text(),
)


def breaches(manifest: Any) -> list[str]:
    """Say where a manifest breaks the schema, or names what it does not list."""
    validator = Draft7Validator(MANIFEST, format_checker=FormatChecker())
    found = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(manifest)]
    people = {one.get("id") for one in manifest["participants"]}
    places = {one.get("id") for one in manifest["conversations"]}
    for event in manifest["events"]:
        named = [event.get("participant")]
        named += [
            one for each in event.get("reactions", ()) for one in each.get("participants", ())
        ]
        found += [f"no participant {one}" for one in named if one is not None and one not in people]
        if event.get("conversation") not in places:
            found.append(f"no conversation {event.get('conversation')}")
    return found
